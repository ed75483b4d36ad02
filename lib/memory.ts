import { native } from './native.js';
import { giveAnchor, handleOf, isTensor, type Tensor } from './tensor.js';

/** The tensors in a value: itself, and those inside arrays, plain objects, Maps and Sets, or `partsOf` it, each once. */
export function* tensorsIn(
  value: unknown,
  partsOf: (value: object) => Iterable<unknown> = elementsOf,
): Generator<Tensor> {
  const seen = new Set<object>();
  // A list of its own instead of recursion: values may be nested deeper than calls.
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (isTensor(next)) yield next;
    else for (const part of partsOf(next)) pending.push(part);
  }
}

function elementsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set || value instanceof Map) return value;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : [];
}

/** Ends a scope and those left open in it, but keeps the tensors of `result`. */
function end(id: number, result: unknown): void {
  if (typeof result !== 'object' || result === null) return void native.unwindScope(id);
  let kept: Tensor[] = [];
  try {
    kept = [...tensorsIn(result)].filter((tensor) => native.scopeOf(handleOf(tensor)) === id);
  } finally {
    // A getter or a proxy in the result may throw: the scope ends all the same.
    const anchors = native.unwindScope(id, kept.map(handleOf));
    anchors?.forEach((anchor, i) => {
      giveAnchor(kept[i] as Tensor, anchor);
    });
  }
}

/** An open scope of the `using` form. */
export class Scope {
  #id = native.openScope();

  /** Throws TypeError, and frees nothing, when a scope opened later is still open. */
  [Symbol.dispose](): void {
    if (this.#id === 0) return;
    native.closeScope(this.#id);
    this.#id = 0;
  }
}

export function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/**
 * Frees, when it ends, the tensors that were made inside and have no owner. Owners are modules (parameters, buffers),
 * optimizers (state), `grad`, `keep()`, and what `body` returns: tensors, also inside arrays, plain objects and Maps.
 * Scopes are synchronous: a body that returns a promise is refused with TypeError.
 *
 * Without a body: `using _ = torch.scope()` (TypeScript, or Node 24 and later).
 */
export function scope(): Scope;
export function scope<T>(body: () => T): T;
export function scope<T>(body?: () => T): T | Scope {
  if (body === undefined) return new Scope();
  const id = native.openScope();
  let result: T | undefined;
  try {
    result = body();
    if (isPromise(result)) {
      throw new TypeError(
        'scope() got a promise: scopes are synchronous; call keep() or dispose() on what crosses an await',
      );
    }
    return result;
  } finally {
    end(id, result);
  }
}

/** How many tensors JavaScript holds in this environment. */
export function liveTensors(): number {
  return native.liveTensors();
}

export interface MemoryStats {
  /** Bytes that CPU tensors hold now, in the whole process. */
  liveBytes: number;
  /** The most that `liveBytes` has been since the start or `resetPeakMemory()`. */
  peakBytes: number;
  /** Bytes of freed blocks whose pages are kept for the next tensors. */
  cachedBytes: number;
  /** What `cachedBytes` stays under: a quarter of the machine's memory, or LIBTORCH_NODE_CACHE_BYTES. */
  cacheLimit: number;
  /** Blocks allocated since the start. */
  allocations: number;
}

/** The numbers of the CPU allocator, which the whole process shares. */
export function memoryStats(): MemoryStats {
  return native.memoryStats();
}

export function resetPeakMemory(): void {
  native.resetPeakMemory();
}

/** Gives cached memory back to the operating system. */
export function emptyCache(): void {
  native.emptyCache();
}
