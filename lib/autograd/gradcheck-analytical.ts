import { strided } from '../layout.js';
import { aten } from '../operators/ops.js';
import { formatFloat } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { grad } from './backward.js';
import { GradcheckError } from './gradcheck-error.js';

interface Settings {
  readonly nondetTol: number;
  readonly checkGradDtypes: boolean;
}

const nondeterministic = `

NOTE: If your op relies on non-deterministic operations i.e., it is listed here:
https://pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
this failure might be expected.

Call gradcheck with nondetTol: <tolerance> to allow for it.
`;

/** For each input the rows of its Jacobian: the gradient of each element of the output. */
function rowsOf(inputs: readonly Tensor[], output: Tensor): (Tensor | null)[][] {
  const gradOutput = aten.zerosLike(output).contiguous();
  const flat = gradOutput.view([-1]);
  const rows: (Tensor | null)[][] = inputs.map(() => []);
  for (let j = 0; j < flat.numel(); j++) {
    flat.zero_();
    flat.select(0, j).fill_(1);
    const gradients = grad(output, inputs, { gradOutputs: gradOutput, retainGraph: true, allowUnused: true });
    gradients.forEach((gradient, i) => {
      rows[i]?.push(gradient?.clone() ?? null);
    });
  }
  return rows;
}

interface Stacked {
  readonly jacobians: Tensor[];
  readonly sizesFit: boolean;
  readonly typesFit: boolean;
}

/** [numel of the input, numel of the output] per input. */
function stacked(rows: (Tensor | null)[][], inputs: readonly Tensor[], numel: number): Stacked {
  let [sizesFit, typesFit] = [true, true];
  const jacobians = inputs.map((input, i) => {
    const jacobian = input.newZeros([input.numel(), numel]);
    rows[i]?.forEach((row, j) => {
      if (row === null) return;
      if (`${row.shape}` !== `${input.shape}`) sizesFit = false;
      else if (row.dtype !== input.dtype) typesFit = false;
      const dense = row.layout === strided ? row : row.toDense();
      if (dense.numel() === input.numel()) jacobian.select(1, j).copy_(dense.reshape([-1]));
    });
    return jacobian;
  });
  return { jacobians, sizesFit, typesFit };
}

/** The Jacobian of `output` for each input by backward. Throws GradcheckError where two passes differ. */
export function analyticalJacobians(
  inputs: readonly Tensor[],
  output: Tensor,
  { nondetTol, checkGradDtypes }: Settings,
): Tensor[] {
  const numel = output.numel();
  const first = stacked(rowsOf(inputs, output), inputs, numel);
  const second = stacked(rowsOf(inputs, output), inputs, numel);
  if (!first.typesFit && checkGradDtypes) throw new GradcheckError('Gradient has dtype mismatch');
  if (!first.sizesFit) throw new GradcheckError('Analytical gradient has incorrect size');
  const same = first.jacobians.every((jacobian, i) => {
    if (jacobian.numel() === 0) return true;
    return !(
      (jacobian
        .sub(second.jacobians[i] as Tensor)
        .abs()
        .max()
        .item() as number) > nondetTol
    );
  });
  if (same) return first.jacobians;
  throw new GradcheckError(
    'Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different ' +
      'values, although analytical gradient matches numerical gradient.' +
      `The tolerance for nondeterminism was ${formatFloat(nondetTol)}.${nondeterministic}`,
  );
}
