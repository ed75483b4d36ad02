// torch.signal.windows: symmetric windows for filters, periodic ones (`sym: false`) for spectra.

import { tensor } from '../creation.js';
import type { DeviceLike } from '../device.js';
import { type DType, float32, float64, getDefaultDtype } from '../dtype.js';
import { ValueError } from '../errors.js';
import { type Layout, strided } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { valueText } from '../python-text.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';

export interface WindowOptions {
  sym?: boolean;
  dtype?: DType | null;
  layout?: Layout;
  device?: DeviceLike | null;
  requiresGrad?: boolean;
}

const windowNames: Names<WindowOptions> = {
  sym: true,
  dtype: true,
  layout: true,
  device: true,
  requiresGrad: true,
};

interface Made {
  dtype: DType;
  layout: Layout;
  device: DeviceLike | null;
  requiresGrad: boolean;
}

function checked(name: string, m: number, options: WindowOptions): Made {
  const { layout = strided, device = null, requiresGrad = false } = options;
  const dtype = options.dtype ?? getDefaultDtype();
  if (m < 0) throw new ValueError(`${name} requires non-negative window length, got M=${m}`);
  if (layout !== strided) {
    throw new ValueError(`${name} is implemented for strided tensors only, got: ${layout}`);
  }
  if (dtype !== float32 && dtype !== float64) {
    throw new ValueError(`${name} expects float32 or float64 dtypes, got: ${dtype}`);
  }
  return { dtype, layout, device, requiresGrad };
}

/** How many steps the window's period has. */
const period = (m: number, sym: boolean) => (!sym && m > 1 ? m : m - 1);

const empty = (made: Made) => aten.empty([0], made);
const one = (made: Made) => aten.ones([1], made);
const steps = (from: number, to: number, m: number, made: Made) =>
  aten.linspace(float(from), float(to), m, made);

export interface ExponentialOptions extends WindowOptions {
  /** Where it peaks, for periodic windows; the middle if not given. */
  center?: number | null;
  tau?: number;
}

export function exponential(m: number, options: ExponentialOptions = {}): Tensor {
  requireNames(exponential, options, { ...windowNames, center: true, tau: true });
  const { tau = 1, sym = true } = options;
  const made = checked('exponential', m, options);
  if (tau <= 0) throw new ValueError(`Tau must be positive, got: ${valueText(tau)} instead.`);
  if (sym && options.center != null) throw new ValueError('Center must be None for symmetric windows');
  if (m === 0) return empty(made);
  const center = options.center ?? period(m, sym) / 2;
  const constant = 1 / tau;
  return scope(() =>
    steps(-center * constant, (-center + (m - 1)) * constant, m, made)
      .abs()
      .neg()
      .exp(),
  );
}

export function cosine(m: number, options: WindowOptions = {}): Tensor {
  requireNames(cosine, options, windowNames);
  const made = checked('cosine', m, options);
  if (m === 0) return empty(made);
  const constant = Math.PI / (options.sym === false && m > 1 ? m + 1 : m);
  return scope(() => steps(0.5 * constant, (0.5 + (m - 1)) * constant, m, made).sin());
}

export function gaussian(m: number, options: WindowOptions & { std?: number } = {}): Tensor {
  requireNames(gaussian, options, { ...windowNames, std: true });
  const { std = 1, sym = true } = options;
  const made = checked('gaussian', m, options);
  if (std <= 0) throw new ValueError(`Standard deviation must be positive, got: ${valueText(std)} instead.`);
  if (m === 0) return empty(made);
  const start = -period(m, sym) / 2;
  const constant = 1 / (std * Math.sqrt(2));
  return scope(() =>
    steps(start * constant, (start + (m - 1)) * constant, m, made)
      .pow(2)
      .neg()
      .exp(),
  );
}

export function kaiser(m: number, options: WindowOptions & { beta?: number } = {}): Tensor {
  requireNames(kaiser, options, { ...windowNames, beta: true });
  const { beta = 12, sym = true } = options;
  const made = checked('kaiser', m, options);
  if (beta < 0) throw new ValueError(`beta must be non-negative, got: ${valueText(beta)} instead.`);
  if (m === 0) return empty(made);
  if (m === 1) return one(made);
  const { dtype, device } = made;
  return scope(() => {
    const b = tensor(+beta, { dtype, device });
    const start = b.neg();
    const constant = b.mul(float(2)).div(sym ? m - 1 : m);
    const end = b.minimum(start.add(constant.mul(m - 1)));
    const k = aten.linspace(start, end, m, made);
    return b.mul(b).sub(k.pow(2)).sqrt().i0().div(b.i0());
  });
}

/** A sum of cosines with these coefficients, of alternating sign. */
export function generalCosine(m: number, options: WindowOptions & { a: readonly number[] }): Tensor {
  requireNames(generalCosine, options, { ...windowNames, a: true });
  const { a, sym = true } = options;
  const made = checked('general_cosine', m, options);
  if (m === 0) return empty(made);
  if (m === 1) return one(made);
  if (!Array.isArray(a)) throw new TypeError('Coefficients must be a list/tuple');
  if (a.length === 0) throw new ValueError('Coefficients cannot be empty');
  const constant = (2 * Math.PI) / (sym ? m - 1 : m);
  const { dtype, device, requiresGrad } = made;
  return scope(() => {
    const k = steps(0, (m - 1) * constant, m, made);
    const signed = a.map((weight, i) => (i % 2 === 0 ? +weight : -weight));
    const coefficients = tensor(signed, { dtype, device, requiresGrad });
    const i = aten.arange(a.length, { dtype, device, requiresGrad }).unsqueeze(-1);
    return coefficients.unsqueeze(-1).mul(i.mul(k).cos()).sum(0);
  });
}

export function generalHamming(m: number, options: WindowOptions & { alpha?: number } = {}): Tensor {
  requireNames(generalHamming, options, { ...windowNames, alpha: true });
  const { alpha = 0.54, ...others } = options;
  return generalCosine(m, { ...others, a: [alpha, 1 - alpha] });
}

export function hamming(m: number, options: WindowOptions = {}): Tensor {
  requireNames(hamming, options, windowNames);
  return generalHamming(m, { ...options, alpha: 0.54 });
}

export function hann(m: number, options: WindowOptions = {}): Tensor {
  requireNames(hann, options, windowNames);
  return generalHamming(m, { ...options, alpha: 0.5 });
}

export function blackman(m: number, options: WindowOptions = {}): Tensor {
  requireNames(blackman, options, windowNames);
  checked('blackman', m, options);
  return generalCosine(m, { ...options, a: [0.42, 0.5, 0.08] });
}

export function nuttall(m: number, options: WindowOptions = {}): Tensor {
  requireNames(nuttall, options, windowNames);
  return generalCosine(m, { ...options, a: [0.3635819, 0.4891775, 0.1365995, 0.0106411] });
}

export function bartlett(m: number, options: WindowOptions = {}): Tensor {
  requireNames(bartlett, options, windowNames);
  const made = checked('bartlett', m, options);
  if (m === 0) return empty(made);
  if (m === 1) return one(made);
  const constant = 2 / (options.sym === false ? m : m - 1);
  return scope(() => aten.rsub(steps(-1, -1 + (m - 1) * constant, m, made).abs(), 1));
}
