/** A number that is a float even where it is integral: `1.0` in Python's words. */
export class TorchFloat {
  constructor(readonly value: number) {
    Object.freeze(this);
  }

  valueOf(): number {
    return this.value;
  }
}

/**
 * Marks a float that happens to be integral, for Scalars, creation functions and files: `torch.full([2], float(1))` is
 * float32, `torch.full([2], 1)` is int64, as in Python.
 */
export function float(value: number): TorchFloat {
  return new TorchFloat(value);
}

/** A number that prints as it was given: `1` as an int, `float(1)` as 1.0. */
export type Real = number | TorchFloat;
