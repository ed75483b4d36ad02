import type { Phase } from './observations.js';

/** Where a layer's bits differ for the first time. */
export interface LayerDifference {
  /** The dotted path; '' is the model itself. */
  layer: string;
  type: string;
  /** Counted from 1; 0 is the construction. */
  step: number;
  phase: Phase;
  /** `output`, or the name of the parameter or buffer. */
  item: string;
  /** What computed it, where that is known: an operator, a node of the graph, the optimizer. */
  operator: string | null;
  /** NaN where the shapes differ. */
  maxDifference: number;
  /** All that it was computed from has the same bits on both sides. */
  origin: boolean;
}

export interface Reason {
  text: string;
  /** The two models say different things, or Python was run again with our setting and the bits were equal. */
  certain: boolean;
}

export interface ParityReport {
  equal: boolean;
  seed: number;
  steps: number;
  /** The versions of libtorch here and of torch in Python. */
  torch: { here: string; python: string };
  threads: { here: number; python: number };
  /** How many modules and how many tensors of outputs, gradients and state were compared. */
  layers: number;
  tensors: number;
  /** In the order in which they came up, each layer once. */
  differences: LayerDifference[];
  reasons: Reason[];
}
