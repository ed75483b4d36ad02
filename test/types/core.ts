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
