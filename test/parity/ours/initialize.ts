import * as torch from 'libtorch-node';

export interface InitializeParams {
  initializer: string;
  shape: number[];
  args?: number[];
  options?: object;
  ownGenerator?: boolean;
}

type Initializer = (tensor: torch.Tensor, ...args: unknown[]) => torch.Tensor;

/** What one function of nn.init makes of a tensor. */
export function initialize({ initializer, shape, args = [], options = {}, ownGenerator }: InitializeParams) {
  const generator = ownGenerator ? new torch.Generator(torch.getDefaultDevice()).manualSeed(5) : null;
  const named = generator ? { ...options, generator } : options;
  const run = Reflect.get(torch.nn.init, initializer) as Initializer;
  const tensor = run(torch.empty(shape), ...args, ...(Object.keys(named).length > 0 ? [named] : []));
  return { tensor, own: generator?.getState() };
}
