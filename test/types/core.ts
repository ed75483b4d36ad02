// What compiles and what does not, beside the operators: devices, errors, autograd, profiler.

import type { Tensor } from 'libtorch-node';
import * as torch from 'libtorch-node';

declare const x: Tensor;

// --- errors ---
const error: torch.TorchError = new torch.ShapeError('text');
error.op satisfies string | undefined;
error.argument satisfies string | undefined;
// @ts-expect-error properties are for reading
error.op = 'add';

// --- devices ---
torch.cuda.getDeviceCapability() satisfies [number, number];
torch.cuda.memoryAllocated('cuda:0') satisfies number;
torch.cuda.stream(null, () => 3) satisfies number;
new torch.cuda.Event({ enableTiming: true }).elapsedTime(new torch.cuda.Event()) satisfies number;
// @ts-expect-error a tensor is no device
torch.cuda.synchronize(x);
torch.withDevice('meta', () => x) satisfies Tensor;
torch.setDefaultDevice(null);
torch.backends.cudnn.allowTf32 = true;
// @ts-expect-error a switch is on or off
torch.backends.cudnn.benchmark = 1;
torch.backends.cuda.matmul.fp32Precision = 'tf32';
// @ts-expect-error no such precision
torch.setFloat32MatmulPrecision('lowest');
torch.tensor([1], { pinMemory: true });

// --- autograd ---
torch.autograd.detectAnomaly(() => 7) satisfies number;
torch.autograd.gradcheck((a) => a.exp(), x, { eps: 1e-6, raiseException: false }) satisfies boolean;
torch.autograd.gradgradcheck((a, b) => [a.mul(b as Tensor)], [x, x], { gradOutputs: x }) satisfies boolean;
torch.autograd.savedTensorsHooks(
  (tensor) => ({ tensor, at: 1 }),
  ({ tensor, at }) => tensor.mul(at satisfies number),
  () => 'result',
) satisfies string;
// @ts-expect-error unpack gives a tensor
torch.autograd.savedTensorsHooks(
  (tensor) => tensor,
  () => 7,
);
torch.checkpoint((a: Tensor, b: number) => a.mul(b), x, 2) satisfies Tensor;
torch.checkpoint((a: Tensor) => a.exp(), x, { useReentrant: false, earlyStop: true }) satisfies Tensor;
// @ts-expect-error an argument is missing
torch.checkpoint((a: Tensor, b: number) => a.mul(b), x);
// @ts-expect-error the reentrant form does not exist
torch.checkpoint((a: Tensor) => a.exp(), x, { useReentrant: true });

// --- profiler, trace, libraries, masks ---
const recorded: torch.profiler.Profile = torch.profiler.profile(() => x.exp(), { recordShapes: true });
torch.profiler.profile(async () => x.exp()) satisfies Promise<torch.profiler.Profile>;
recorded.keyAverages().table({ sortBy: 'selfCpuTimeTotal', rowLimit: 10 }) satisfies string;
// @ts-expect-error a field that does not sort
recorded.keyAverages().table({ sortBy: 'key' });
torch.oldestTensors(3)[0]?.stack satisfies string | undefined;
torch.ops.loadLibrary('./operators.so');
torch.ops.my_library?.myOperator?.(x) satisfies Tensor | undefined;
torch.masked.sum(x, { dim: 1, mask: x }) satisfies Tensor;
x.add(new torch.Complex(0, 1));

// --- what ported scripts write ---
const total: number = 1 + x.item();
x.any().item<boolean>() satisfies boolean;
x.tolist<number[]>().map((value) => value + total);
x.typedArray<Float32Array>().at(-1) satisfies number | undefined;
const [first, second] = torch.autograd.grad(x, [x, x]);
first.add(second) satisfies Tensor;
// @ts-expect-error an unused input has no gradient
torch.autograd.grad(x, x, { allowUnused: true })[0].exp();
x.unique({ dim: 1 }).exp() satisfies Tensor;
x.unique({ returnCounts: true }) satisfies Tensor[];
x.norm(2, { dim: 1 }).add(x.norm(2, 1, true)) satisfies Tensor;
x.index(torch.slice(), null) satisfies Tensor;
torch.autocast('cpu', () => x) satisfies Tensor;
const [train, test] = torch.data.randomSplit(new torch.data.TensorDataset(x, x), [3, 1]);
train.get(0).concat(test.get(0)) satisfies Tensor[];

class Scaled extends torch.autograd.Function {
  static forward(
    context: torch.autograd.FunctionContext<[Tensor]> & { by: number },
    input: Tensor,
    by: number,
  ) {
    context.saveForBackward(input);
    context.by = by;
    return input.mul(by);
  }

  static override backward(
    context: torch.autograd.FunctionContext<[Tensor]> & { by: number },
    gradient: Tensor,
  ) {
    return [gradient.mul(context.by).expandAs(context.savedTensors[0]), null];
  }
}
Scaled.apply(x, 2) satisfies Tensor;

const decoder = new torch.nn.Linear(3, 4);
decoder.weight = new torch.nn.Embedding(4, 3).weight;
const resnet = torch.models.resnet18();
resnet.fc = new torch.nn.Linear(resnet.fc.inFeatures, 10);
for (const module of resnet.modules()) if (module instanceof torch.nn.BatchNorm2d) module.momentum = 0.01;
new torch.vision.RandomChoice([new torch.vision.MixUp(), new torch.vision.CutMix()]).forward(x, x) satisfies [
  Tensor,
  Tensor,
];
