import { TorchError } from '../errors.js';
import { isPromise } from '../memory.js';
import { type Handle, native, type Program } from '../native.js';
import { requireNames } from '../options.js';
import { handleOf, isTensor, type Tensor, wrap } from '../tensor.js';
import { aten } from './ops.js';
import { type Tree, treeOf } from './tensor-tree.js';

function handles(tensors: readonly unknown[]): Handle[] {
  return tensors.map((tensor, index) => {
    if (!isTensor(tensor)) throw new TypeError(`input ${index} must be a Tensor, not ${typeof tensor}`);
    return handleOf(tensor);
  });
}

/** A function as the list of its operator calls; it runs without JavaScript between them. */
export class Recording<Inputs extends readonly Tensor[], Outputs> {
  readonly #program: Program;
  readonly #outputs: Tree<Outputs>;

  /** Not for callers: {@link record} makes these. */
  constructor(program: Program, outputs: Tree<Outputs>) {
    this.#program = program;
    this.#outputs = outputs;
  }

  /** The same operators with these inputs, in the caller's modes; throws where dtype, device, shape or strides differ. */
  run(...inputs: Inputs): Outputs {
    return this.#outputs(native.runProgram(this.#program, handles(inputs)).map(wrap));
  }

  /** {@link run} on a thread of its own; the inputs may be disposed meanwhile. */
  async runAsync(...inputs: Inputs): Promise<Outputs> {
    return this.#outputs((await native.runProgramAsync(this.#program, handles(inputs))).map(wrap));
  }

  /** The schema of each call, in order. */
  get operators(): string[] {
    return native.programText(this.#program).split('\n').slice(0, -1);
  }
}

export interface RecordOptions {
  /**
   * The first dimension of the inputs is free. The function is recorded twice, at the examples' batch size and at one
   * more; integers that grew with it follow it, and whatever else differs is an error.
   */
  dynamicBatch?: boolean;
}

type Body<Inputs extends readonly Tensor[], Outputs> = (...inputs: Inputs) => Outputs;

/** An object of its own: where the body uses the example itself too, that one is a constant. */
function placeholder(example: Tensor): Tensor {
  const own = example.detach();
  return example.requiresGrad ? own.requiresGrad_() : own;
}

function trace<Inputs extends readonly Tensor[], Outputs>(
  body: Body<Inputs, Outputs>,
  examples: Inputs,
  batch: number,
): [Program, Tree<Outputs>] {
  handles(examples);
  const inputs = examples.map(placeholder) as unknown as Inputs;
  native.recordBegin(handles(inputs), batch);
  try {
    const result = body(...inputs);
    if (isPromise(result)) throw new TypeError('record() got a promise: a recorded function is synchronous');
    const [tensors, tree] = treeOf(result);
    return [native.recordEnd(tensors.map(handleOf)), tree];
  } finally {
    native.recordCancel();
  }
}

/** One more row: the first one again. */
function grown(input: Tensor, batch: number): Tensor {
  return input.dim() > 0 && input.size(0) === batch ? aten.cat([input, input.narrow(0, 0, 1)]) : input;
}

/**
 * Calls `body(...examples)` once and notes its operators (as torch.jit.trace does). What is no input is a constant, by
 * reference: parameters may be trained on. Numbers, branches, train or eval mode stay what they were; reading what the
 * function computes (`item`, `tolist`, `typedArray`), backward and hooks inside of it throw TorchError.
 */
export function record<Inputs extends readonly Tensor[], Outputs>(
  body: Body<Inputs, Outputs>,
  examples: Inputs,
  options: RecordOptions = {},
): Recording<Inputs, Outputs> {
  requireNames(record, options, { dynamicBatch: true });
  const { dynamicBatch = false } = options;
  if (!dynamicBatch) return new Recording(...trace(body, examples, 0));
  const batch = examples[0]?.shape[0] ?? 0;
  if (batch === 0) throw new TorchError('dynamicBatch needs a first example with a batch of at least 1');
  const [program, outputs] = trace(body, examples, batch);
  const more = examples.map((input) => grown(input, batch)) as unknown as Inputs;
  native.freeBatch(program, trace(body, more, batch + 1)[0]);
  return new Recording(program, outputs);
}
