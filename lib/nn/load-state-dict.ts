// What Module.loadStateDict does with one module, and the report of what did not fit, in PyTorch's words.

import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import { sizeText, stringRepr, typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';

/** Where a state dict has what `getExtraState` answers, after the module's prefix. */
export const extraStateKey = '_extra_state';

export interface IncompatibleKeys {
  /** Keys of the module that the dict lacks. */
  missingKeys: string[];
  /** Keys of the dict that the module lacks. */
  unexpectedKeys: string[];
}

/** The part of a load that one module sees: `state` holds the keys under `prefix` and may be changed. */
export interface StateDictLoad {
  readonly state: Map<string, Tensor>;
  readonly prefix: string;
  /** The module's version in the dict's `_metadata`; undefined for a dict without. */
  readonly version: number | undefined;
  /** All that the dict's `_metadata` has of the module. */
  readonly metadata: ReadonlyMap<string, unknown> | undefined;
  readonly report: LoadReport;
  readonly assign: boolean;
}

/** What is to be filled in one module; `put` replaces the tensor itself, for `assign`. */
export interface LocalState {
  readonly name: string;
  readonly tensor: Tensor;
  put(tensor: Tensor): void;
}

export class LoadReport {
  readonly missingKeys: string[] = [];
  readonly unexpectedKeys: string[] = [];
  readonly errors: string[] = [];

  /** Throws TorchError with everything that went wrong; without `strict` only keys that differ are forgiven. */
  finish(className: string, strict: boolean): IncompatibleKeys {
    const { missingKeys, unexpectedKeys } = this;
    const quoted = (keys: string[]) => keys.map((key) => `"${key}"`).join(', ');
    const lines = [...this.errors];
    if (strict && unexpectedKeys.length > 0) {
      lines.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
    }
    if (strict && missingKeys.length > 0) {
      lines.unshift(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
    }
    if (lines.length > 0) {
      throw new TorchError(`Error(s) in loading state_dict for ${className}:\n\t${lines.join('\n\t')}`);
    }
    return { missingKeys, unexpectedKeys };
  }
}

function fill(local: LocalState, key: string, given: unknown, { report, assign }: StateDictLoad): void {
  if (!isTensor(given)) {
    report.errors.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint ` +
        `but received ${typeText(given)}`,
    );
    return;
  }
  const target = local.tensor;
  // PyTorch 0.3 wrote what is 0-dim today as one element.
  const source = target.dim() === 0 && given.dim() === 1 && given.shape[0] === 1 ? given.select(0, 0) : given;
  const [want, got] = [sizeText(target.shape), sizeText(source.shape)];
  if (want !== got) {
    report.errors.push(
      `size mismatch for ${key}: copying a param with shape ${got} from checkpoint, ` +
        `the shape in current model is ${want}.`,
    );
    return;
  }
  if (assign) {
    local.put(source);
    return;
  }
  if (target.device.type === 'meta' && source.device.type !== 'meta') {
    process.emitWarning(
      `for ${key}: copying from a non-meta parameter in the checkpoint to a meta parameter in the current model, ` +
        'which is a no-op. (Did you mean to pass `assign: true` to assign items in the state dictionary to their ' +
        'corresponding key in the module instead of copying them in place?)',
      'UserWarning',
    );
  }
  try {
    noGrad(() => target.copy_(source));
  } catch (error) {
    report.errors.push(
      `While copying the parameter named "${key}", whose dimensions in the model are ${want} and whose dimensions ` +
        `in the checkpoint are ${got}, an exception occurred : (${stringRepr((error as Error).message)},).`,
    );
  }
}

/** Fills one module without its children (`Module._load_from_state_dict`). */
export function loadOwn(
  load: StateDictLoad,
  own: LocalState[],
  children: ReadonlySet<string>,
  setExtraState: ((state: unknown) => void) | null,
): void {
  const { state, prefix, report } = load;
  for (const local of own) {
    const key = prefix + local.name;
    if (state.has(key)) fill(local, key, state.get(key), load);
    else report.missingKeys.push(key);
  }
  const extra = prefix + extraStateKey;
  if (!setExtraState) {
    if (state.has(extra)) report.unexpectedKeys.push(extra);
  } else if (state.has(extra)) {
    setExtraState(state.get(extra));
  } else {
    report.missingKeys.push(extra);
  }
  const names = new Set(own.map(({ name }) => name));
  for (const key of state.keys()) {
    if (key === extra) continue;
    const [name = '', ...deeper] = key.slice(prefix.length).split('.');
    if (deeper.length > 0 ? !children.has(name) : !names.has(name)) report.unexpectedKeys.push(key);
  }
}
