/** HDF5's classes of types, by their number; integers and floats have names of dtypes. */
const CLASSES = ['integer', 'float', 'time', 'string', 'bitfield', 'opaque', 'compound', 'reference', 'enum'];

/** `float32`, `uint8`, or the name of the class of what no dtype here holds. */
export function elementName({ type, size, signed }: { type: number; size: number; signed: boolean }): string {
  if (type === 1) return `float${8 * size}`;
  if (type === 0) return `${signed ? 'int' : 'uint'}${8 * size}`;
  return CLASSES[type] ?? 'other';
}
