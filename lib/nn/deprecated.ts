import { warn } from '../warn.js';

/** The function under an old name, which says once what the new one is. */
export function deprecated<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  message: string,
): (...args: Args) => Result {
  return (...args) => {
    warn(message, 'FutureWarning');
    return fn(...args);
  };
}
