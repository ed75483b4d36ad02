import { Complex } from '../complex.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { native } from '../native.js';
import { aten } from '../operators/ops.js';
import { sizeText } from '../python-text.js';
import { handleOf, isTensor, type Tensor, wrap } from '../tensor.js';

type Fn = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

const differentiates = ({ dtype }: Tensor) => dtype.isFloatingPoint || dtype.isComplex;

/** The same memory outside of autograd: changes do not count as ones of the input (Python's `.data`). */
function dataOf(input: Tensor): Tensor {
  const { shape, dtype } = input;
  return wrap(native.overStorage(handleOf(input), dtype.code, shape, input.stride(), input.storageOffset()));
}

/** Views of each element, in row-major order. */
function* elementsOf(data: Tensor): Generator<{ element: Tensor; at: number[] }> {
  const { shape } = data;
  const strides = data.stride();
  const count = data.numel();
  for (let i = 0; i < count; i++) {
    const at: number[] = [];
    for (let d = shape.length - 1, rest = i; d >= 0; d--) {
      const size = shape[d] as number;
      at.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    const offset = at.reduce((sum, index, d) => sum + index * (strides[d] as number), data.storageOffset());
    yield { element: data.asStrided([], [], offset), at };
  }
}

function requireSame(a: Tensor, b: Tensor, at: number[], eps: number): void {
  const where = `when inputs are perturbed on index (${at.join(', ')}${at.length === 1 ? ',' : ''}) by ${eps}`;
  if (`${a.shape}` !== `${b.shape}`) {
    throw new TorchError(
      `Expected \`func\` to return outputs with the same shape ${where}, but got: shapes ${sizeText(a.shape)} and ${sizeText(b.shape)}.`,
    );
  }
  if (a.dtype !== b.dtype) {
    throw new TorchError(
      `Expected \`func\` to return outputs with the same dtype ${where}, but got: dtypes ${a.dtype} and ${b.dtype}.`,
    );
  }
}

/** The central difference of each output when the element moves by `delta` to both sides. */
function difference(
  run: () => Tensor[],
  element: Tensor,
  delta: number | Complex,
  eps: number,
  at: number[],
): Tensor[] {
  const original = element.clone();
  element.copy_(original.sub(delta));
  const before = run();
  element.copy_(original.add(delta));
  const after = run();
  element.copy_(original);
  return before.map((a, i) => {
    const b = after[i] as Tensor;
    requireSame(a, b, at, eps);
    return b
      .sub(a)
      .div(2 * eps)
      .detach()
      .reshape([-1]);
  });
}

/** [numel of the input, numel of the output] for each differentiable output. */
function jacobiansOf(input: Tensor, run: () => Tensor[], outputs: readonly Tensor[], eps: number): Tensor[] {
  const dtype = input.dtype.isComplex ? input.dtype : null;
  const jacobians = outputs
    .filter(differentiates)
    .map((output) => output.newZeros([input.numel(), output.numel()], { dtype: dtype ?? output.dtype }));
  let row = 0;
  for (const { element, at } of elementsOf(dataOf(input))) {
    scope(() => {
      let columns = difference(run, element, eps, eps, at);
      if (input.dtype.isComplex) {
        // The conjugate Wirtinger derivative (https://arxiv.org/pdf/1701.00392.pdf, section 3.5.3).
        const imaginary = difference(run, element, new Complex(0, eps), eps, at);
        columns = columns.map((dx, i) => dx.add((imaginary[i] as Tensor).mul(new Complex(0, 1))));
      }
      jacobians.forEach((jacobian, i) => {
        jacobian.select(0, row).copy_(columns[i] as Tensor);
      });
    });
    row++;
  }
  return jacobians;
}

/** For each input that requires a gradient, its Jacobians with respect to each output. */
export function numericalJacobians(
  fn: Fn,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  eps: number,
): Tensor[][] {
  const run = () => {
    const results = fn(...inputs);
    return (Array.isArray(results) ? (results as Tensor[]) : [results as Tensor]).map((result) =>
      aten.clone(result),
    );
  };
  return inputs
    .filter((input) => isTensor(input) && input.requiresGrad)
    .map((input) => jacobiansOf(input, run, outputs, eps));
}
