import { typeText } from '../python-text.js';
import type { CheckpointError } from './errors.js';

/** Stands on the stack for a value that could not be made, until it is known where in the file's value it belongs. */
export class Failure {
  readonly error: CheckpointError;
  readonly path: readonly unknown[];

  constructor(error: CheckpointError, path: readonly unknown[] = []) {
    this.error = error;
    this.path = path;
  }
}

/** Follows failures outwards, from a container to the one around it. */
export class Failures {
  readonly #containers = new Map<unknown, Failure>();
  #first: Failure | undefined;

  /** The failure that stands for a value, or is somewhere in it. */
  of(value: unknown): Failure | undefined {
    return value instanceof Failure ? value : this.#containers.get(value);
  }

  add(error: CheckpointError): Failure {
    const failure = new Failure(error);
    this.#first ??= failure;
    return failure;
  }

  /** The value goes into a container. */
  placed(container: unknown, key: unknown, value: unknown): void {
    const failure = this.#first && this.of(value);
    if (failure === undefined || this.#containers.has(container)) return;
    this.#containers.set(container, new Failure(failure.error, [key, ...failure.path]));
  }

  /** @throws the first failure, with its place in the value that the pickle has made */
  check(value: unknown): void {
    if (this.#first === undefined) return;
    const { error, path } = this.of(value) ?? this.#first;
    error.path = path;
    if (path.length > 0) error.message += ` (at ${pathText(path)})`;
    throw error;
  }

  get first(): Failure | undefined {
    return this.#first;
  }
}

/** `['model']['fc.weight']` */
export function pathText(path: readonly unknown[]): string {
  return path.map((key) => `[${keyText(key)}]`).join('');
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return `'${key}'`;
  return typeof key === 'object' && key !== null ? typeText(key) : String(key);
}
