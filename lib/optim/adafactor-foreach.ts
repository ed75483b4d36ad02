import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import type { AdafactorEntry, AdafactorGroup } from './adafactor.js';
import { adafactorRates, clippedSize, squaredMean } from './adafactor-step.js';
import { type Hyperparameter, minus, times, toScalar } from './hyperparameter.js';
import { countSteps } from './step-count.js';

/** Parameters of one device and dtype; matrices and vectors are two batches. */
export function multiTensorAdafactor(
  entries: AdafactorEntry[],
  group: AdafactorGroup,
  epsilon: number,
): void {
  const isMatrix = ({ grad }: AdafactorEntry) => grad.dim() > 1;
  for (const batch of [entries.filter(isMatrix), entries.filter((entry) => !isMatrix(entry))]) {
    if (batch.length > 0) step(batch, group, epsilon);
  }
}

function step(entries: AdafactorEntry[], group: AdafactorGroup, epsilon: number): void {
  const params = entries.map(({ param }) => param);
  const given = entries.map(({ grad }) => grad);
  const grads = group.maximize ? aten._foreachNeg(given) : given;
  countSteps(entries.map(({ state }) => state.step));
  const rates = entries.map((entry) => adafactorRates(entry, group));
  const novelties = rates.map(({ novelty }) => novelty);
  if (group.weightDecay !== 0) {
    aten._foreachMul_(params, minus(1, times(toScalar(group.lr), group.weightDecay)) as number);
  }
  const estimates = (entries[0] as AdafactorEntry).state.rowVar
    ? factored(entries, grads, novelties, epsilon)
    : whole(entries, grads, novelties);
  aten._foreachClampMin_(estimates, epsilon * epsilon);
  aten._foreachRsqrt_(estimates);
  aten._foreachMul_(estimates, grads);
  const sizes = estimates.map((update, index) =>
    clippedSize(update, rates[index]?.alpha as Hyperparameter, group.d),
  );
  // Numbers, or tensors where the learning rate is one: both are lists that the operator takes.
  aten._foreachMul_(estimates, sizes as number[]);
  aten._foreachAdd_(params, estimates);
}

function factored(
  entries: AdafactorEntry[],
  grads: Tensor[],
  novelties: number[],
  epsilon: number,
): Tensor[] {
  const average = (averages: Tensor[], dim: number) => {
    const means = grads.map((grad) => squaredMean(grad, dim));
    aten._foreachMul_(means, means);
    aten._foreachDiv_(
      means,
      grads.map((grad) => grad.size(dim)),
    );
    aten._foreachLerp_(averages, means, novelties);
  };
  const rows = entries.map(({ state }) => state.rowVar as Tensor);
  const cols = entries.map(({ state }) => state.colVar as Tensor);
  average(rows, -1);
  average(cols, -2);
  const estimates = rows.map((row, index) => row.matmul(cols[index] as Tensor));
  const means = rows.map((row) => row.mean({ dim: -2, keepdim: true }));
  aten._foreachClampMin_(means, epsilon);
  aten._foreachDiv_(estimates, means);
  return estimates;
}

function whole(entries: AdafactorEntry[], grads: Tensor[], novelties: number[]): Tensor[] {
  const variances = entries.map(({ state }) => state.variance as Tensor);
  aten._foreachLerp_(variances, aten._foreachMul(grads, grads), novelties);
  return variances.map((variance) => variance.clone());
}
