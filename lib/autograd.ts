import { inMode, type Mode } from './modes.js';
import { type Handle, native } from './native.js';
import { requireHandle, type Tensor, wrap } from './tensor.js';

function gradMode(enabled: boolean) {
  return () => {
    const before = native.setGradEnabled(enabled);
    return () => {
      native.setGradEnabled(before);
    };
  };
}

/** No graph is recorded inside (torch.no_grad). Synchronous; without a body, on until the answer is disposed. */
export function noGrad(): Mode;
export function noGrad<T>(body: () => T): T;
export function noGrad<T>(body?: () => T): T | Mode {
  return inMode('noGrad', gradMode(false), body);
}

/** The graph is recorded inside, also within `noGrad` (torch.enable_grad). */
export function enableGrad(): Mode;
export function enableGrad<T>(body: () => T): T;
export function enableGrad<T>(body?: () => T): T | Mode {
  return inMode('enableGrad', gradMode(true), body);
}

/** Like noGrad, and tensors made inside can never be used by autograd (torch.inference_mode). */
export function inferenceMode(): Mode;
export function inferenceMode<T>(body: () => T): T;
export function inferenceMode<T>(body?: () => T): T | Mode {
  const enter = () => {
    const depth = native.pushInferenceMode(true);
    return () => native.popInferenceMode(depth);
  };
  return inMode('inferenceMode', enter, body);
}

export function isGradEnabled(): boolean {
  return native.gradEnabled();
}

export function setGradEnabled(enabled: boolean): void {
  native.setGradEnabled(enabled);
}

export function isInferenceModeEnabled(): boolean {
  return native.inferenceModeEnabled();
}

type Tensors = Tensor | readonly Tensor[];
type Gradients = Tensor | null | undefined | readonly (Tensor | null | undefined)[];

function handles(tensors: Tensors, name: string): Handle[] {
  const list = Array.isArray(tensors) ? (tensors as readonly Tensor[]) : [tensors as Tensor];
  return list.map((tensor) => requireHandle(tensor, name));
}

/** A missing gradient is undefined to libtorch, which puts ones there for a scalar and refuses otherwise. */
function gradientHandles(gradients: Gradients, count: number, name: string): Handle[] {
  const list = Array.isArray(gradients) ? (gradients as readonly (Tensor | null | undefined)[]) : [gradients];
  if (list.length !== count && gradients != null) {
    throw new TypeError(`got ${count} tensors and ${list.length} gradients`);
  }
  return Array.from({ length: count }, (_, i) => (list[i] == null ? 0 : requireHandle(list[i], name)));
}

export interface BackwardOptions {
  /** Keeps the graph for another backward; by default as `createGraph`. */
  retainGraph?: boolean | null;
  /** Records the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** Accumulates into these tensors only. */
  inputs?: Tensors | null;
}

/** Sums the gradients of `tensors` into the leaves' `grad` (torch.autograd.backward). */
export function backward(tensors: Tensors, gradTensors?: Gradients, options: BackwardOptions = {}): void {
  const { createGraph = false, inputs } = options;
  const roots = handles(tensors, 'tensors');
  native.backward(
    roots,
    gradientHandles(gradTensors, roots.length, 'gradient'),
    options.retainGraph ?? createGraph,
    createGraph,
    inputs == null ? [] : handles(inputs, 'inputs'),
  );
}

export interface GradOptions {
  /** The vector of the vector-Jacobian product, one per output; scalars need none. */
  gradOutputs?: Gradients;
  retainGraph?: boolean | null;
  createGraph?: boolean;
  /** An input that the outputs do not depend on gets null instead of an error. */
  allowUnused?: boolean;
}

/** The gradients of `outputs` with respect to `inputs`, in their order (torch.autograd.grad). */
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions = {}): (Tensor | null)[] {
  const { gradOutputs, createGraph = false, allowUnused = false } = options;
  const roots = handles(outputs, 'outputs');
  const found = native.autogradGrad(
    roots,
    handles(inputs, 'inputs'),
    gradientHandles(gradOutputs, roots.length, 'gradOutputs'),
    options.retainGraph ?? createGraph,
    createGraph,
    allowUnused,
  );
  return found.map((handle) => (handle === 0 ? null : wrap(handle)));
}
