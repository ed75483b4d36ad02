import * as torch from 'libtorch-node';
import { type MemoryFormatName, memoryFormatOf } from './step.js';

export interface LayerParams {
  layer: string;
  args?: unknown[];
  options?: object;
  input: number[];
  dtype?: 'float32' | 'float64';
  memoryFormat?: MemoryFormatName;
}

type Constructor = new (...args: unknown[]) => torch.nn.Layer;

/** One layer: how it prints, what it draws, its keys, forward, gradients, buffers afterwards, forward in eval mode. */
export function layer({
  layer: name,
  args = [],
  options = {},
  input: shape,
  dtype: dtypeName,
  memoryFormat,
}: LayerParams) {
  const dtype = dtypeName === 'float64' ? torch.float64 : torch.float32;
  const made = dtypeName ? { ...options, dtype } : options;
  const module = new (Reflect.get(torch.nn, name) as Constructor)(
    ...args,
    ...(Object.keys(made).length > 0 ? [made] : []),
  );
  const initial = new Map([...module.stateDict()].map(([key, tensor]) => [key, tensor.clone()]));
  const input = torch
    .randn(shape, { dtype })
    .to({ memoryFormat: memoryFormatOf(memoryFormat ?? 'contiguous_format') })
    .requiresGrad_();
  // A layer may work in place, which a leaf does not allow.
  const output = module.forward(input.mul(2));
  const before = output.detach().clone();
  output.backward(torch.randnLike(output));
  const gradients = new Map(module.namedParameters().map(([key, parameter]) => [key, parameter.grad]));
  const after = module.stateDict();
  const evaluated = torch.noGrad(() => module.eval().forward(input.mul(2)));
  const { metadata } = after;
  return {
    text: String(module),
    initial,
    metadata,
    output: before,
    input: input.grad,
    gradients,
    after,
    evaluated,
  };
}
