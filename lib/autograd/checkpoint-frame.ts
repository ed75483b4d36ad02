import type { Device } from '../device.js';
import type { DType } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { native } from '../native.js';
import type { Names } from '../options.js';
import { sizeText } from '../python-text.js';
import { handleOf, isTensor, type Tensor, wrap } from '../tensor.js';

/** Recomputation did not do what the forward had done (torch.utils.checkpoint.CheckpointError). */
export class CheckpointError extends TorchError {
  override name = 'CheckpointError';
}

/** All that backward needs has been computed. */
export class StopRecomputation extends Error {}

export interface CheckpointOptions {
  /** Only the form without reentrant autograd exists. */
  useReentrant?: false;
  /** Recomputes with the random numbers of the forward. */
  preserveRngState?: boolean;
  /** Whether shape, dtype and device of what is recomputed are compared with the forward's. */
  determinismCheck?: 'default' | 'none';
  /** Stops recomputing as soon as everything needed is there. */
  earlyStop?: boolean;
}

export const checkpointNames: Names<CheckpointOptions> = {
  useReentrant: true,
  preserveRngState: true,
  determinismCheck: true,
  earlyStop: true,
};

/** What the graph keeps in a saved tensor's place; per run the recomputed tensor, null once it was taken. */
export class Holder {
  readonly tensors = new Map<number, Tensor | null>();
}

interface Run {
  readonly id: number;
  saved: number;
  done: boolean;
}

interface Metadata {
  readonly shape: number[];
  readonly dtype: DType;
  readonly device: Device;
}

function shown({ shape, dtype, device }: Metadata): string {
  const index = device.index === null ? '' : `, index=${device.index}`;
  return `{'shape': ${sizeText(shape)}, 'dtype': ${dtype}, 'device': device(type='${device.type}'${index})}`;
}

const metadataOf = ({ shape, dtype, device }: Tensor): Metadata => ({ shape, dtype, device });

const typeNames: Record<string, string> = {
  float32: 'Float',
  float64: 'Double',
  float16: 'Half',
  int64: 'Long',
};

function typeName({ dtype, device }: Tensor): string {
  return `torch.${device.type === 'cuda' ? 'cuda.' : ''}${typeNames[dtype.name] ?? dtype.name}Tensor`;
}

/** An argument as it was: another handle of the same tensor, so that it may be disposed meanwhile. */
function held(arg: unknown): () => unknown {
  if (!isTensor(arg)) return () => arg;
  const tensor = wrap(native.duplicate(handleOf(arg))).keep();
  const { version } = tensor;
  return () => {
    if (tensor.version === version) return tensor;
    throw new TorchError(
      'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
        `[${typeName(tensor)} [${tensor.shape.join(', ')}]] is at version ${tensor.version}; expected version ${version} ` +
        'instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with ' +
        'torch.autograd.set_detect_anomaly(True).',
    );
  };
}

/** One checkpointed call: what it saved, and how to run it again. */
export class Frame {
  forwardCompleted = false;
  readonly #holders: WeakRef<Holder>[] = [];
  readonly #metadata: Metadata[] = [];
  readonly #runs = new Map<number, Run>();
  readonly #args: (() => unknown)[];
  readonly #run: (args: unknown[]) => unknown;
  readonly #earlyStop: boolean;
  readonly #checks: boolean;
  #ignoresMismatch = false;
  #outside = -1;
  #taken: Tensor | undefined;

  constructor(args: unknown[], run: (args: unknown[]) => unknown, options: CheckpointOptions) {
    const { determinismCheck = 'default', earlyStop = true } = options;
    if (determinismCheck !== 'default' && determinismCheck !== 'none') {
      throw new ValueError(
        `determinism_check should be one of ['default', 'none'], but got ${determinismCheck}`,
      );
    }
    this.#args = args.map(held);
    this.#run = run;
    this.#earlyStop = earlyStop;
    this.#checks = determinismCheck === 'default';
  }

  newHolder(tensor: Tensor): Holder {
    const holder = new Holder();
    this.#holders.push(new WeakRef(holder));
    if (this.#checks) this.#metadata.push(metadataOf(tensor));
    return holder;
  }

  recompute(): void {
    this.#run(this.#args.map((arg) => arg()));
  }

  /** The state of one backward; outside of one each read computes anew. */
  runOf(graphTask: number): Run {
    const id = graphTask < 0 ? --this.#outside : graphTask;
    const known = this.#runs.get(id);
    if (known) return known;
    const run = { id, saved: 0, done: false };
    this.#runs.set(id, run);
    return run;
  }

  /** Takes what the recomputation saves next. */
  save(tensor: Tensor, id: number): Tensor {
    const run = this.#runs.get(id) as Run;
    const at = run.saved++;
    const value = tensor.requiresGrad ? tensor.detach() : tensor;
    const place = this.#holders[at];
    if (place === undefined) {
      if (this.forwardCompleted) {
        throw new CheckpointError(
          'torch.utils.checkpoint: trying to save more tensors during recomputation than during the original forward pass.\n',
        );
      }
      // A backward inside of the checkpointed function.
      this.#ignoresMismatch = true;
      return value;
    }
    // The graph may have dropped it already, in a backward inside of the function.
    place.deref()?.tensors.set(id, value.keep());
    if (this.#earlyStop && run.saved === this.#holders.length) throw new StopRecomputation();
    return value;
  }

  /** What the graph gets back; once per backward. */
  take(holder: Holder, { id }: Run): Tensor {
    const tensor = holder.tensors.get(id);
    if (!tensor) {
      throw new CheckpointError(
        'torch.utils.checkpoint: Unpack is being triggered for a tensor that was already unpacked once. If you are ' +
          'calling ctx.saved_tensors in backward, make sure to do so only once. Otherwise please open an issue with ' +
          'details on your use case.',
      );
    }
    holder.tensors.set(id, null);
    // The graph holds what it was given: our handle of the one before would only keep its memory.
    this.#taken?.dispose();
    this.#taken = tensor;
    return tensor;
  }

  /** Throws CheckpointError where the recomputation differs from the forward. */
  check({ id, saved }: Run): void {
    if (this.#ignoresMismatch) return;
    const { length } = this.#holders;
    if (saved !== length) {
      throw new CheckpointError(
        'torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\n' +
          `Number of tensors saved during forward: ${length}\n` +
          `Number of tensors saved during recomputation: ${saved}.\n`,
      );
    }
    const different = this.#metadata.flatMap((metadata, i) => {
      const tensor = this.#holders[i]?.deref()?.tensors.get(id);
      if (!tensor) return [];
      const [before, now] = [shown(metadata), shown(metadataOf(tensor))];
      if (before === now) return [];
      return `tensor at position ${i}:\nsaved metadata: ${before}\nrecomputed metadata: ${now}\n`;
    });
    if (different.length === 0) return;
    throw new CheckpointError(
      'torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the ' +
        `forward pass.\n${different.join('')}.\n`,
    );
  }
}
