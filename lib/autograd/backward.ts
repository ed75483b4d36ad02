import { TorchError, ValueError } from '../errors.js';
import { inMode, type Mode } from '../modes.js';
import { type Handle, native } from '../native.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { sizeText } from '../python-text.js';
import { requireHandle, type Tensor, wrap } from '../tensor.js';

export { AutogradFunction as Function, FunctionContext } from './custom-function.js';

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
type Gradient = Tensor | null | undefined;
type Gradients = Gradient | readonly Gradient[];

function listed(tensors: Tensors): readonly Tensor[] {
  return Array.isArray(tensors) ? (tensors as readonly Tensor[]) : [tensors as Tensor];
}

function handles(tensors: readonly Tensor[], name: string): Handle[] {
  return tensors.map((tensor) => requireHandle(tensor, name));
}

/** The engine alone would sum a gradient that is too large to the size of its output. */
function requireSize(gradient: Tensor, output: Tensor, index: number): void {
  const [got, wanted] = [sizeText(gradient.shape), sizeText(output.shape)];
  if (got === wanted) return;
  throw new TorchError(
    `Mismatch in shape: grad_output[${index}] has a shape of ${got} and output[${index}] has a shape of ${wanted}.`,
  );
}

/** A missing gradient is undefined to libtorch, which puts ones there for a scalar and refuses otherwise. */
function gradientHandles(gradients: Gradients, outputs: readonly Tensor[], name: string): Handle[] {
  const list = Array.isArray(gradients) ? (gradients as readonly Gradient[]) : [gradients as Gradient];
  if (list.length !== outputs.length && gradients != null) {
    throw new TypeError(`got ${outputs.length} tensors and ${list.length} gradients`);
  }
  return outputs.map((output, index) => {
    const gradient = list[index];
    if (gradient == null) return 0;
    const handle = requireHandle(gradient, name);
    requireSize(gradient, output, index);
    return handle;
  });
}

export interface BackwardOptions {
  /** Keeps the graph for another backward; by default as `createGraph`. */
  retainGraph?: boolean | null;
  /** Records the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** Accumulates into these tensors only. */
  inputs?: Tensors | null;
}

const backwardNames: Names<BackwardOptions> = { retainGraph: true, createGraph: true, inputs: true };

type BackwardArguments = Parameters<typeof native.backward>;

function backwardArguments(
  tensors: Tensors,
  gradients: Gradients,
  options: BackwardOptions,
): BackwardArguments {
  const { createGraph = false, inputs } = options;
  const roots = listed(tensors);
  return [
    handles(roots, 'tensors'),
    gradientHandles(gradients, roots, 'gradient'),
    options.retainGraph ?? createGraph,
    createGraph,
    inputs == null ? [] : handles(listed(inputs), 'inputs'),
  ];
}

/** Sums the gradients of `tensors` into the leaves' `grad` (torch.autograd.backward). */
export function backward(tensors: Tensors, gradTensors?: Gradients, options: BackwardOptions = {}): void {
  requireNames(backward, options, backwardNames);
  native.backward(...backwardArguments(tensors, gradTensors, options));
}

/**
 * {@link backward} on a thread of its own: timers and handlers run meanwhile, and so do hooks and custom functions, on
 * this thread. Passes run one after the other. The tensors may be disposed before it ends; parameters must not be
 * changed.
 */
export async function backwardAsync(
  tensors: Tensors,
  gradTensors?: Gradients,
  options: BackwardOptions = {},
): Promise<void> {
  requireNames(backwardAsync, options, backwardNames);
  await native.backwardAsync(...backwardArguments(tensors, gradTensors, options));
}

export interface GradOptions {
  /** The vector of the vector-Jacobian product, one per output; scalars need none. */
  gradOutputs?: Gradients;
  retainGraph?: boolean | null;
  createGraph?: boolean;
  /** An input that the outputs do not depend on gets null instead of an error. */
  allowUnused?: boolean | null;
  /** Such an input gets zeros instead. */
  materializeGrads?: boolean;
}

const gradNames: Names<GradOptions> = {
  gradOutputs: true,
  retainGraph: true,
  createGraph: true,
  allowUnused: true,
  materializeGrads: true,
};

type PerInput<Inputs, Found> = Inputs extends readonly Tensor[]
  ? { -readonly [Index in keyof Inputs]: Found }
  : [Found];

/** The gradients of `outputs` with respect to `inputs`, in their order (torch.autograd.grad). */
export function grad<const Inputs extends Tensors>(
  outputs: Tensors,
  inputs: Inputs,
  options?: GradOptions & { allowUnused?: false | null },
): PerInput<Inputs, Tensor>;
export function grad<const Inputs extends Tensors>(
  outputs: Tensors,
  inputs: Inputs,
  options: GradOptions,
): PerInput<Inputs, Tensor | null>;
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions = {}): unknown {
  requireNames(grad, options, gradNames);
  const { gradOutputs, createGraph = false, materializeGrads = false } = options;
  if (materializeGrads && options.allowUnused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const allowUnused = options.allowUnused ?? materializeGrads;
  const roots = listed(outputs);
  const found = native.autogradGrad(
    handles(roots, 'outputs'),
    handles(listed(inputs), 'inputs'),
    gradientHandles(gradOutputs, roots, 'gradOutputs'),
    options.retainGraph ?? createGraph,
    createGraph,
    true,
  );
  const gradients = found.map((handle) => (handle === 0 ? null : wrap(handle)));
  if (materializeGrads) {
    const zeros = (index: number) =>
      aten.zerosLike(listed(inputs)[index] as Tensor).requiresGrad_(createGraph);
    return gradients.map((gradient, index) => gradient ?? zeros(index));
  }
  const unused = allowUnused ? -1 : gradients.indexOf(null);
  if (unused < 0) return gradients;
  throw new TorchError(
    `The differentiated Tensor at index ${unused} appears to not have been used in the graph. ` +
      'Set allow_unused=True if this is the desired behavior.',
  );
}
