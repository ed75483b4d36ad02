// What is seen of a model while it trains: hashes of outputs, gradients and state, and the tensors of the last step.

import { createHash } from 'node:crypto';

import type { Module } from '../nn/index.js';
import { unobserved } from '../operators/observer.js';
import { getRngState } from '../random.js';
import { isTensor, type Tensor } from '../tensor.js';

/** When in a training something was seen. */
export type Phase =
  | 'construction'
  | 'input'
  | 'forward'
  | 'loss'
  | 'backward'
  | 'gradient'
  | 'update'
  | 'evaluation'
  | 'generator';

/** One tensor that was seen, by the hash of its elements in their order; the names are those of python/libtorch_node_parity/observations.py. */
export interface Observation {
  phase: Phase;
  /** The dotted path of the module; '' is the model. */
  layer: string;
  /** `weight`, `output`, `output 1`, `output (call 1)`. */
  item: string;
  hash: string;
  dtype: string;
  shape: number[];
  strides: number[];
  kind?: 'parameter' | 'buffer';
  /** Of an output: what computes its gradient. */
  node?: string | null;
}

/** `text` is how an innermost module prints, '' for others. */
export type Layers = Record<string, [type: string, text: string]>;

/** Of the elements in their order, wherever they lie. */
export function sha256(tensor: Tensor): string {
  return createHash('sha256').update(tensor.detach().cpu().contiguous().typedArray()).digest('hex');
}

/** The tensors in a value, in order. */
export function leaves(value: unknown): Tensor[] {
  if (isTensor(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(leaves);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

/** `output`, `output 1` of several, `output (call 1)` of a module that runs again. */
function named(kind: string, index: number, call: number): string {
  return `${kind}${index > 0 ? ` ${index}` : ''}${call > 0 ? ` (call ${call})` : ''}`;
}

function place(name: string): [layer: string, item: string] {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)];
}

export class Observations {
  rows: Observation[] = [];
  tensors: Tensor[] = [];
  #calls = new Map<string, number>();

  constructor(readonly model: Module) {}

  /** Forgets what was seen, before another step. */
  clear(): void {
    for (const tensor of this.tensors) tensor.dispose();
    this.rows = [];
    this.tensors = [];
    this.#calls.clear();
  }

  layers(): Layers {
    return Object.fromEntries(
      this.model
        .namedModules()
        .map(([name, module]) => [
          name,
          [module.constructor.name, module.children().length === 0 ? module.toString() : ''],
        ]),
    );
  }

  note(
    phase: Phase,
    layer: string,
    item: string,
    tensor: Tensor,
    more: Pick<Observation, 'kind' | 'node'> = {},
  ): void {
    // What looks at a tensor is no operator of the model.
    unobserved(() => {
      this.rows.push({
        ...{ phase, layer, item, hash: sha256(tensor), dtype: tensor.dtype.name },
        ...{ shape: tensor.shape, strides: tensor.stride(), ...more },
      });
      this.tensors.push(tensor.detach().clone().keep());
    });
  }

  generator(phase: Phase): void {
    this.note('generator', '', phase, getRngState());
  }

  state(phase: Phase): void {
    const { model } = this;
    for (const [name, tensor] of model.namedParameters())
      this.note(phase, ...place(name), tensor, { kind: 'parameter' });
    for (const [name, tensor] of model.namedBuffers())
      this.note(phase, ...place(name), tensor, { kind: 'buffer' });
  }

  gradients(): void {
    for (const [name, { grad }] of this.model.namedParameters()) {
      if (grad) this.note('gradient', ...place(name), grad);
    }
  }

  /** Notes what every module is given and gives while `body` runs, and the gradients of these outputs later. */
  forward<T>(phase: Phase, body: () => T): T {
    const handles = this.model
      .namedModules()
      .flatMap(([layer, module]) => [
        module.registerForwardPreHook((_, inputs) => this.#before(phase, layer, inputs)),
        module.registerForwardHook((_, __, output) => this.#after(phase, layer, output)),
      ]);
    try {
      return body();
    } finally {
      for (const handle of handles) handle.remove();
    }
  }

  #before(phase: Phase, layer: string, inputs: unknown[]): void {
    const call = (this.#calls.get(layer) ?? -1) + 1;
    this.#calls.set(layer, call);
    for (const [i, tensor] of leaves(inputs).entries())
      this.note(phase, layer, named('input', i, call), tensor);
  }

  #after(phase: Phase, layer: string, output: unknown): void {
    const call = this.#calls.get(layer) ?? 0;
    for (const [i, tensor] of leaves(output).entries()) {
      const item = named('output', i, call);
      this.note(phase, layer, item, tensor, { node: tensor.gradFn });
      if (tensor.requiresGrad)
        tensor.registerHook((gradient) => {
          this.note('backward', layer, item, gradient);
          return undefined;
        });
    }
  }
}
