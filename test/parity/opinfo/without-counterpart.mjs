// The entries of PyTorch's operator database that nothing here answers to, each with its reason.

/** By full name, variant included, or by name alone. */
export const withoutCounterpart = {
  jiterator_unary: 'compiles a CUDA kernel from a string',
  jiterator_binary: 'compiles a CUDA kernel from a string',
  jiterator_4inputs_with_extra_args: 'compiles a CUDA kernel from a string',
  jiterator_binary_return_by_ref: 'compiles a CUDA kernel from a string',
  jiterator_2inputs_2outputs: 'compiles a CUDA kernel from a string',
};

/** Memory that nobody has written: shape, strides and dtype are compared, not the bytes. */
export const undefinedContents = new Set([
  'empty',
  'empty_like',
  'empty_permuted',
  'empty_strided',
  'new_empty',
  'new_empty_strided',
  'resize_',
  'resize_as_',
]);

/** The default driver of least squares reads a pivot array that nobody has written: Python does not repeat itself. */
const unwrittenPivots = ({ args, kwargs }) => ![args[2], kwargs.v.driver].some((d) => /^gels[ds]?$/.test(d));

/** Samples whose result has other bits in each run of Python; shapes, strides and dtypes are compared. */
export const unrepeatable = {
  'linalg.lstsq': unwrittenPivots,
  'linalg.lstsq.grad_oriented': unwrittenPivots,
};

/** Entries whose wrong calls cannot be written here: JavaScript has no operators that ask the right operand. */
export const withoutErrors = Object.fromEntries(
  ['radd', 'rsub', 'rmul', 'rdiv', 'rpow', 'rmod', 'rmatmul', 'rand', 'ror', 'rxor'].map((name) => [
    `__${name}__`,
    'wrong calls of a reflected operator cannot be written in JavaScript',
  ]),
);
