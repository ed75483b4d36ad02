/** A Python tuple: an array that is told from a list in checkpoints. Read-only by convention. */
export class Tuple<T = unknown> extends Array<T> {
  // Built through `Tuple.of(...)`: `new Tuple(3)` would be three holes, as with Array.
  static override of<T>(...items: T[]): Tuple<T> {
    return Tuple.from(items);
  }

  static override from<T>(items: Iterable<T> | ArrayLike<T>): Tuple<T> {
    const tuple = new Tuple<T>();
    // Most come from an array, which needs no copy of its own.
    const list: readonly T[] = Array.isArray(items) ? items : Array.from(items);
    for (let i = 0; i < list.length; i += 1) tuple.push(list[i] as T);
    return tuple;
  }

  // map, filter and slice give ordinary arrays, which are lists.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}
