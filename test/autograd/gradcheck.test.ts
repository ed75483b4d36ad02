import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const { gradcheck, gradgradcheck } = torch.autograd;
const { float64, complex128 } = torch;

const input = (values: torch.TensorData) => torch.tensor(values, { dtype: float64, requiresGrad: true });
const x = () =>
  input([
    [0.3, -0.7, 1.1],
    [0.2, 0.5, -0.4],
  ]);

test.each([
  ['exp', () => gradcheck((a) => a.exp(), x())],
  [
    'a layer',
    () =>
      gradcheck(
        (a, w, b) => torch.nn.functional.linear(a as torch.Tensor, w as torch.Tensor, b),
        [x(), input([[1, 2, 3]]), input([0.5])],
      ),
  ],
  ['several outputs', () => gradcheck((a) => [a.sin(), a.sum(), a.detach()], x())],
  [
    'an input without gradient',
    () => gradcheck((a, b) => a.mul(b), [x(), torch.ones([2, 3], { dtype: float64 })]),
  ],
  [
    'complex numbers',
    () => gradcheck((a) => a.mul(a).abs(), torch.randn([3], { dtype: complex128, requiresGrad: true })),
  ],
  ['complex outputs', () => gradcheck((a) => torch.complex(a.sin(), a.cos()), input([0.1, 0.2]))],
  ['a strided input', () => gradcheck((a) => a.t().exp(), x())],
  ['second derivatives', () => gradgradcheck((a) => a.sin().mul(a), x())],
  [
    'second derivatives with outer gradients',
    () =>
      gradgradcheck((a) => a.pow(3), x(), {
        gradOutputs: torch.ones([2, 3], { dtype: float64, requiresGrad: true }),
      }),
  ],
])('%s passes', (_, check) => {
  expect(check()).toBe(true);
});

class Wrong extends torch.autograd.Function {
  static forward(context: torch.autograd.FunctionContext, a: torch.Tensor): torch.Tensor {
    context.saveForBackward(a);
    return a.mul(a);
  }
  static override backward(context: torch.autograd.FunctionContext, gradient: torch.Tensor): torch.Tensor {
    return gradient.mul(context.savedTensors[0] as torch.Tensor).mul(3);
  }
}

class NotMultiplied extends torch.autograd.Function {
  static forward(_: torch.autograd.FunctionContext, a: torch.Tensor): torch.Tensor {
    return a.mul(2);
  }
  static override backward(_: torch.autograd.FunctionContext, gradient: torch.Tensor): torch.Tensor {
    return torch.fullLike(gradient, 2);
  }
}

let calls = 0;
class Nondeterministic extends torch.autograd.Function {
  static forward(_: torch.autograd.FunctionContext, a: torch.Tensor): torch.Tensor {
    return a.mul(2);
  }
  static override backward(_: torch.autograd.FunctionContext, gradient: torch.Tensor): torch.Tensor {
    return gradient.mul(2 + calls++ * 1e-9);
  }
}

function refusal(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'nothing';
}

test('what fails fails in the words of Python', () => {
  const stride = torch.ones([2, 1], { dtype: float64, requiresGrad: true }).expand(2, 3);
  const ours = [
    () => gradcheck((a) => Wrong.apply(a), input([1, 2])),
    () => gradcheck((a) => NotMultiplied.apply(a).sum(), input([1])),
    () => gradcheck((a) => a.mul(2), torch.ones([2], { dtype: float64 })),
    () => gradcheck((a) => a.mul(2), stride),
    () => gradcheck((a) => a.detach().mul(2), input([1])),
    () => gradcheck((a) => Nondeterministic.apply(a), input([1])),
  ].map((check) => refusal(check).split('\n\nNOTE')[0]);
  const expected = runPython<string[]>(`
import torch
from torch.autograd import gradcheck
class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a * a
    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0] * 3
class NotMultiplied(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        return a * 2
    @staticmethod
    def backward(ctx, g):
        return torch.full_like(g, 2)
calls = [0]
class Nondeterministic(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        return a * 2
    @staticmethod
    def backward(ctx, g):
        calls[0] += 1
        return g * (2 + (calls[0] - 1) * 1e-9)
def i(v): return torch.tensor(v, dtype=torch.float64, requires_grad=True)
def text(call):
    try:
        return 'nothing' if call() else 'false'
    except Exception as error:
        name = type(error).__name__
        return ('TorchError' if name == 'RuntimeError' else name) + ': ' + str(error).split(chr(10) * 2 + 'NOTE')[0]
stride = torch.ones(2, 1, dtype=torch.float64, requires_grad=True).expand(2, 3)
print(json.dumps([text(c) for c in [
    lambda: gradcheck(lambda a: Wrong.apply(a), i([1.0, 2.0])),
    lambda: gradcheck(lambda a: NotMultiplied.apply(a).sum(), i([1.0])),
    lambda: gradcheck(lambda a: a * 2, torch.ones(2, dtype=torch.float64)),
    lambda: gradcheck(lambda a: a * 2, stride),
    lambda: gradcheck(lambda a: a.detach() * 2, i([1.0])),
    lambda: gradcheck(lambda a: Nondeterministic.apply(a), i([1.0])),
]]))`);
  expect(ours).toEqual(expected);
});

test('raiseException false answers false, for wrong gradients only', () => {
  expect(gradcheck((a) => Wrong.apply(a), input([1, 2]), { raiseException: false })).toBe(false);
  expect(gradcheck((a) => Nondeterministic.apply(a), input([1]), { nondetTol: 1e-6 })).toBe(true);
  expect(() => gradcheck((a) => a, torch.ones([1]), { raiseException: false })).toThrow(torch.ValueError);
  const before = torch.liveTensors();
  gradcheck((a) => a.exp(), x()).valueOf();
  expect(torch.liveTensors() - before).toBeLessThan(3);
});
