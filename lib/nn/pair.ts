/** A size in two dimensions, [height, width]; one number says both (PyTorch's `_size_2_t`). */
export type Pair = number | readonly [height: number, width: number];

/** PyTorch's `_pair`. */
export function pair(value: Pair): [number, number] {
  return typeof value === 'number' ? [value, value] : [value[0], value[1]];
}
