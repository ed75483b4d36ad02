// How an averaged parameter follows the present one.

import { noGrad } from '../autograd/index.js';
import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';

/** The new average of one parameter; `numAveraged` is an int64 number. */
export type AvgFn = (averaged: Tensor, current: Tensor, numAveraged: Tensor) => Tensor;
/** Changes averages of one device and dtype in place. */
export type MultiAvgFn = (averaged: Tensor[], current: Tensor[], numAveraged: Tensor) => void;

function requireDecay(decay: number): void {
  if (decay >= 0 && decay <= 1) return;
  throw new ValueError(
    `Invalid decay value ${valueText(decay)} provided. Please provide a value in [0,1] range.`,
  );
}

const isInexact = ([first]: Tensor[]): boolean =>
  Boolean(first?.dtype.isFloatingPoint || first?.dtype.isComplex);

/** Exponential moving average, by foreach operators. */
export function getEmaMultiAvgFn(decay = 0.999): MultiAvgFn {
  requireDecay(decay);
  return (averaged, current) =>
    noGrad(() => {
      if (isInexact(averaged)) {
        aten._foreachLerp_(averaged, current, 1 - decay);
        return;
      }
      for (const [index, average] of averaged.entries()) {
        average.copy_(average.mul(decay).add((current[index] as Tensor).mul(1 - decay)));
      }
    });
}

/** Plain average, by foreach operators. */
export function getSwaMultiAvgFn(): MultiAvgFn {
  return (averaged, current, numAveraged) =>
    noGrad(() => {
      const count = numAveraged.add(1);
      if (isInexact(averaged)) {
        aten._foreachLerp_(averaged, current, Number(count.reciprocal().item()));
        return;
      }
      const differences = aten._foreachSub(current, averaged);
      aten._foreachAddcdiv_(
        averaged,
        differences,
        averaged.map(() => count),
      );
    });
}

/** Exponential moving average of one parameter. */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  requireDecay(decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/** Plain average of one parameter. */
export function getSwaAvgFn(): AvgFn {
  return (averaged, current, numAveraged) =>
    noGrad(() => averaged.add(current.sub(averaged).div(numAveraged.add(1))));
}
