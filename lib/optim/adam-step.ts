// The single-tensor and the foreach implementation of Adam and AdamW.

import { aten } from '../operators/ops.js';
import { pow } from '../python-number.js';
import { isTensor, type Tensor } from '../tensor.js';
import type { AdamGroup, AdamState } from './adam.js';
import { minus, negative, numberOf, over, power, times, toScalar } from './hyperparameter.js';
import { decayedGrad, decayedGrads, type Entry, real } from './implementation.js';
import { countSteps } from './step-count.js';

type AdamEntry = Entry<AdamState>;

/** The options without what decoupled decay does to the parameter instead of the gradient. */
function gradientDecay({ maximize, weightDecay, decoupledWeightDecay }: AdamGroup) {
  return { maximize, weightDecay: decoupledWeightDecay ? 0 : weightDecay };
}

export function singleTensorAdam(entry: AdamEntry, group: AdamGroup): void {
  const { weightDecay, amsgrad, eps, decoupledWeightDecay } = group;
  const lr = toScalar(group.lr);
  const [beta1, beta2] = group.betas;
  const { param: given, state } = entry;
  state.step.add_(1);
  if (weightDecay !== 0 && decoupledWeightDecay) given.mul_(minus(1, times(lr, weightDecay)));
  const grad = real(decayedGrad(entry, gradientDecay(group)));
  const [param, expAvg, expAvgSq] = [real(given), real(state.expAvg), real(state.expAvgSq)];
  const { device, dtype } = param;
  expAvg.lerp_(grad, minus(1, isTensor(beta1) ? beta1.to({ device, dtype }) : beta1) as number);
  expAvgSq.mul_(beta2).addcmul_(grad, grad, { value: numberOf(minus(1, beta2)) });
  const largest = state.maxExpAvgSq && amsgrad ? real(state.maxExpAvgSq) : undefined;
  if (group.differentiable) {
    const { step } = state;
    const negativeSize = negative(over(lr, minus(1, power(beta1, step)))) as Tensor;
    const correction2Sqrt = (minus(1, power(beta2, step)) as Tensor).sqrt();
    largest?.copy_(aten.maximum(largest.clone(), expAvgSq));
    const root = (largest ?? expAvgSq).sqrt();
    const denominator = root.div(correction2Sqrt.mul(negativeSize)).add_(over(eps, negativeSize) as Tensor);
    param.addcdiv_(expAvg.clone(), denominator);
    return;
  }
  const step = Number(state.step.item());
  // Python floats: V8's own power differs from C's in one case of ten, and float64 parameters show it.
  const stepSize = over(lr, minus(1, power(beta1, step)));
  const correction2Sqrt = power(minus(1, power(beta2, step)), 0.5);
  largest?.copy_(aten.maximum(largest, expAvgSq));
  const denominator = (largest ?? expAvgSq).sqrt().div(correction2Sqrt).add_(eps);
  param.addcdiv_(expAvg, denominator, { value: numberOf(negative(stepSize)) });
}

export function multiTensorAdam(entries: AdamEntry[], group: AdamGroup): void {
  const { weightDecay, amsgrad, eps, decoupledWeightDecay } = group;
  const lr = group.lr as number;
  const [beta1, beta2] = group.betas as readonly [number, number];
  const params = entries.map(({ param }) => real(param));
  const expAvgs = entries.map(({ state }) => real(state.expAvg));
  const expAvgSqs = entries.map(({ state }) => real(state.expAvgSq));
  const stepTensors = entries.map(({ state }) => state.step);
  countSteps(stepTensors);
  if (weightDecay !== 0 && decoupledWeightDecay) aten._foreachMul_(params, 1 - lr * weightDecay);
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, gradientDecay(group));
  aten._foreachLerp_(expAvgs, grads, 1 - beta1);
  aten._foreachMul_(expAvgSqs, beta2);
  aten._foreachAddcmul_(expAvgSqs, grads, grads, 1 - beta2);
  const steps = stepTensors.map((step) => Number(step.item()));
  const stepSizes = steps.map((step) => (lr / (1 - pow(beta1, step))) * -1);
  const corrections2Sqrt = steps.map((step) => pow(1 - pow(beta2, step), 0.5));
  let seconds = expAvgSqs;
  if (amsgrad) {
    seconds = entries.map(({ state }) => real(state.maxExpAvgSq as Tensor));
    aten._foreachMaximum_(seconds, expAvgSqs);
  }
  const denominators = aten._foreachSqrt(seconds);
  aten._foreachDiv_(denominators, corrections2Sqrt);
  aten._foreachAdd_(denominators, eps);
  aten._foreachAddcdiv_(params, expAvgs, denominators, stepSizes);
}
