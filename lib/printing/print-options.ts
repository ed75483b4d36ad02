// How tensors are printed (torch.set_printoptions).

import { type Names, requireNames } from '../options.js';

export interface PrintOptions {
  /** Digits after the point. */
  precision: number;
  /** Tensors with more elements show only the edges of each dimension. */
  threshold: number;
  /** Elements shown at each edge. */
  edgeitems: number;
  /** Characters per line. */
  linewidth: number;
  /** Scientific notation: always, never, or (null) as the values need it. */
  sciMode: boolean | null;
}

export type PrintProfile = 'default' | 'short' | 'full';

interface SetPrintOptions extends Partial<PrintOptions> {
  profile?: PrintProfile;
}

const printNames: Names<SetPrintOptions> = {
  profile: true,
  precision: true,
  threshold: true,
  edgeitems: true,
  linewidth: true,
  sciMode: true,
};

const profiles: Record<PrintProfile, Partial<PrintOptions>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
};

let current: PrintOptions = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null };

/** Changes the options that are given; `sciMode` goes back to null when it is not, as in PyTorch. */
export function setPrintoptions(options: SetPrintOptions = {}): void {
  requireNames(setPrintoptions, options, printNames);
  const { profile, ...given } = options;
  const known = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  const chosen = profile === undefined ? {} : profiles[profile];
  current = { ...current, ...chosen, ...Object.fromEntries(known), sciMode: options.sciMode ?? null };
}

export function getPrintoptions(): PrintOptions {
  return { ...current };
}

/** Runs `body` with other options; they hold until it returns or throws. */
export function printoptions<T>(options: SetPrintOptions, body: () => T): T {
  requireNames(printoptions, options, printNames);
  const before = current;
  setPrintoptions(options);
  try {
    return body();
  } finally {
    current = before;
  }
}
