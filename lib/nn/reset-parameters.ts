import { sqrt } from '../python-number.js';
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from './init.js';
import type { Parameter } from './parameter.js';

/** Weight, then bias: both U(−1/√fan in, 1/√fan in), the weight by way of Kaiming with a = √5 (`reset_parameters`). */
export function drawWeightAndBias(weight: Parameter, bias: Parameter | null): void {
  kaimingUniform_(weight, { a: sqrt(5) });
  if (!bias) return;
  const [fanIn] = calculateFanInAndFanOut(weight);
  const bound = fanIn > 0 ? 1 / sqrt(fanIn) : 0;
  uniform_(bias, -bound, bound);
}
