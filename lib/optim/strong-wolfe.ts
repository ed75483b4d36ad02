// The line search of torch.optim.LBFGS: bracketing, then zooming, by cubic interpolation (ported contract of minFunc).

import { contiguousFormat } from '../memory-format.js';
import type { Tensor } from '../tensor.js';
import {
  absolute,
  atLeast,
  type Hyperparameter,
  less,
  minus,
  negative,
  over,
  plus,
  power,
  times,
} from './hyperparameter.js';

/** A place on the line: how far, the loss, the gradient, the slope. */
interface Place {
  t: Hyperparameter;
  f: number;
  g: Tensor;
  gtd: Hyperparameter;
}

type Evaluate = (t: Hyperparameter, d: Tensor) => [f: number, g: Tensor];

interface Search {
  t: Hyperparameter;
  d: Tensor;
  f: number;
  g: Tensor;
  gtd: Tensor;
  /** Evaluations at most. */
  maxLs: number;
}

interface Found {
  f: number;
  g: Tensor;
  t: Hyperparameter;
  evaluations: number;
}

const c1 = 1e-4;
const c2 = 0.9;
const toleranceChange = 1e-9;

const copy = (g: Tensor): Tensor => g.clone({ memoryFormat: contiguousFormat });

/** Python's max and min of two: the first where they are equal. */
const larger = (a: Hyperparameter, b: Hyperparameter): Hyperparameter => (less(a, b) ? b : a);
const smaller = (a: Hyperparameter, b: Hyperparameter): Hyperparameter => (less(b, a) ? b : a);

function cubicMinimum(
  a: Place,
  b: Place,
  bounds?: readonly [low: Hyperparameter, high: Hyperparameter],
): Hyperparameter {
  const [x1, g1, x2, g2] = [a.t, a.gtd, b.t, b.gtd];
  const ordered = !less(x2, x1);
  const [low, high] = bounds ?? (ordered ? [x1, x2] : [x2, x1]);
  const d1 = minus(plus(g1, g2), over(3 * (a.f - b.f), minus(x1, x2)));
  const square = minus(power(d1, 2), times(g1, g2)) as Tensor;
  if (!atLeast(square, 0)) return over(plus(low, high), 2);
  const d2 = square.sqrt();
  const [far, near, farSlope, nearSlope] = ordered ? [x2, x1, g2, g1] : [x1, x2, g1, g2];
  const share = over(minus(plus(farSlope, d2), d1), plus(minus(farSlope, nearSlope), times(2, d2)));
  return smaller(larger(minus(far, times(minus(far, near), share)), low), high);
}

/** The step along `d` that meets the strong Wolfe conditions, or the best one that was found. */
export function strongWolfe(evaluate: Evaluate, { t: first, d, f, g: given, gtd, maxLs }: Search): Found {
  const dNorm = d.abs().max();
  const g = copy(given);
  let evaluations = 0;
  const at = (t: Hyperparameter): Place => {
    const [loss, gradient] = evaluate(t, d);
    evaluations += 1;
    return { t, f: loss, g: gradient, gtd: gradient.dot(d) };
  };
  const tooHigh = (place: Place) => less(plus(f, times(times(c1, place.t), gtd)), place.f);
  const isLevel = (place: Place) => atLeast(times(negative(c2), gtd), absolute(place.gtd));

  let previous: Place = { t: 0, f, g, gtd };
  let place = at(first);
  let bracket: Place[] | undefined;
  let done = false;
  let iteration = 0;
  while (iteration < maxLs) {
    const overshot = tooHigh(place) || (iteration > 1 && place.f >= previous.f);
    if (!overshot && isLevel(place)) {
      bracket = [place];
      done = true;
      break;
    }
    if (overshot || atLeast(place.gtd, 0)) {
      bracket = [previous, { ...place, g: copy(place.g) }];
      break;
    }
    const shortest = plus(place.t, times(0.01, minus(place.t, previous.t)));
    const next = cubicMinimum(previous, place, [shortest, times(place.t, 10)]);
    previous = { ...place, g: copy(place.g) };
    place = at(next);
    iteration += 1;
  }
  bracket = iteration === maxLs || !bracket ? [{ t: 0, f, g, gtd }, place] : bracket;
  const best = done ? (bracket[0] as Place) : zoom();
  return { f: best.f, g: best.g, t: best.t, evaluations };

  function zoom(): Place {
    let [low, high] = ordered(bracket as [Place, Place]);
    let slow = false;
    while (iteration < maxLs) {
      const ends = bracket as [Place, Place];
      const width = absolute(minus(ends[1].t, ends[0].t));
      if (less(times(width, dNorm), toleranceChange)) break;
      let t = cubicMinimum(ends[0], ends[1]);
      const [right, left] = [larger(ends[0].t, ends[1].t), smaller(ends[0].t, ends[1].t)];
      const margin = times(0.1, minus(right, left));
      if (less(smaller(minus(right, t), minus(t, left)), margin)) {
        // Too close to an end twice, or outside: a tenth of the bracket away from it.
        if (slow || atLeast(t, right) || atLeast(left, t)) {
          const isRight = less(absolute(minus(t, right)), absolute(minus(t, left)));
          t = isRight ? minus(right, margin) : plus(left, margin);
          slow = false;
        } else {
          slow = true;
        }
      } else {
        slow = false;
      }
      const seen = at(t);
      iteration += 1;
      const kept = { ...seen, g: copy(seen.g) };
      if (tooHigh(seen) || seen.f >= ends[low].f) {
        ends[high] = kept;
        [low, high] = ordered(ends);
      } else {
        const level = isLevel(seen);
        if (!level && atLeast(times(seen.gtd, minus(ends[high].t, ends[low].t)), 0)) ends[high] = ends[low];
        ends[low] = kept;
        if (level) break;
      }
    }
    return (bracket as [Place, Place])[low];
  }
}

function ordered([first, second]: readonly [Place, Place]): [low: 0 | 1, high: 0 | 1] {
  return first.f <= second.f ? [0, 1] : [1, 0];
}
