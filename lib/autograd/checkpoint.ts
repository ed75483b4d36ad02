// torch.utils.checkpoint without reentrant autograd: what a graph would save is forgotten, and computed again when
// backward asks for the first of it.

import { forkAutocast } from '../autocast-state.js';
import { chosenDevice, withDevice } from '../default-device.js';
import { scope } from '../memory.js';
import { isOptions } from '../operators/arguments.js';
import { requireNames } from '../options.js';
import { forkRng } from '../rng-states.js';
import { isTensor, type Tensor } from '../tensor.js';
import { enableGrad, isGradEnabled } from './backward.js';
import {
  type CheckpointOptions,
  checkpointNames,
  Frame,
  type Holder,
  StopRecomputation,
} from './checkpoint-frame.js';
import { savedTensorsHooks } from './saved-tensors-hooks.js';

export { CheckpointError, type CheckpointOptions } from './checkpoint-frame.js';

/** Options are a trailing plain object that has nothing but names of options. */
function split(args: unknown[]): [args: unknown[], options: CheckpointOptions] {
  const last = args.at(-1);
  const named = isOptions(last) && Object.keys(last).every((key) => Object.hasOwn(checkpointNames, key));
  return named ? [args.slice(0, -1), last] : [args, {}];
}

/**
 * Runs `fn(...args)` without keeping what its backward needs: backward runs `fn` again, with the random numbers of the
 * first run, and gets the same bits for less memory. `fn` must do the same both times; what it makes and does not
 * return is freed. A last argument that is an object
 * of options is not given to `fn`.
 */
export function checkpoint<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  ...args: [...Args, CheckpointOptions] | Args
): Result {
  const [inputs, options] = split(args);
  if (options.useReentrant) {
    throw new TypeError(
      'checkpoint() has the form without reentrant autograd only: leave useReentrant false',
    );
  }
  const call = fn as (...given: unknown[]) => Result;
  if (!isGradEnabled()) return call(...inputs);
  const device = chosenDevice();
  const placed = (given: unknown[]) => (device ? withDevice(device, () => call(...given)) : call(...given));
  const rng = options.preserveRngState === false ? (run: () => unknown) => run() : forkRng(inputs);
  const types = [
    'cpu',
    ...(inputs.some((input) => isTensor(input) && input.device.type === 'cuda') ? ['cuda'] : []),
  ];
  const autocast = forkAutocast(types);
  const frame = new Frame(inputs, (given) => rng(() => autocast(() => placed(given))), options);
  try {
    return savedTensorsHooks(packer(frame), unpacker(frame), () => scope(() => call(...inputs)));
  } finally {
    frame.forwardCompleted = true;
  }
}

function packer(frame: Frame): (tensor: Tensor) => Holder {
  return (tensor) => {
    const holder = frame.newHolder(tensor);
    tensor.dispose();
    return holder;
  };
}

function unpacker(frame: Frame): (holder: Holder, graphTask: number) => Tensor {
  return (holder, graphTask) => {
    const run = frame.runOf(graphTask);
    if (!run.done) {
      recompute(frame, run.id);
      run.done = true;
      frame.check(run);
    }
    return frame.take(holder, run);
  };
}

function recompute(frame: Frame, run: number): void {
  try {
    scope(() => {
      const pack = (tensor: Tensor) => frame.save(tensor, run);
      enableGrad(() =>
        savedTensorsHooks(
          pack,
          (tensor) => tensor,
          () => void frame.recompute(),
        ),
      );
    });
  } catch (error) {
    if (!(error instanceof StopRecomputation)) throw error;
  }
}

type Layer = ((input: Tensor) => Tensor) | { forward(input: Tensor): Tensor };

/** Runs layers one after the other, all but the last of `segments` equal pieces under {@link checkpoint}. */
export function checkpointSequential(
  functions: Iterable<Layer>,
  segments: number,
  input: Tensor,
  options: CheckpointOptions = {},
): Tensor {
  requireNames(checkpointSequential, options, checkpointNames);
  const layers = [...functions].map((layer) =>
    typeof layer === 'function' ? layer : (x: Tensor) => layer.forward(x),
  );
  const size = Math.floor(layers.length / segments);
  const piece = (from: number, to: number) => (x: Tensor) =>
    layers.slice(from, to).reduce((result, layer) => layer(result), x);
  const last = size * (segments - 1);
  let result = input;
  for (let at = 0; at < last; at += size) {
    result = checkpoint(piece(at, at + size), result, options as never);
  }
  return piece(last, layers.length)(result);
}
