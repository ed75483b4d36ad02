// Where the typings do not follow from the schemas.

/** Methods that lib/tensor.ts writes by hand, and why. */
export const handWritten = {
  _backward: 'x.backward() goes through lib/autograd/index.ts',
  _version: 'x.version',
  backward: 'accepts the gradient alone and keeps hooks of this environment apart',
  data: 'x.data is detach without version tracking: x.setData is its setter',
  dim: 'answered without a dispatcher call',
  index: "Python's x[...], in lib/indexing.ts",
  index_put_: "Python's x[...] = value, in lib/indexing.ts",
  is_contiguous: 'answered without a dispatcher call',
  is_leaf: 'a property',
  item: 'returns a JavaScript value of the kind of the dtype',
  nonzero: 'torch.nonzero, in lib/functional/tensor-methods.ts',
  norm: 'torch.norm, in lib/functional/tensor-methods.ts',
  numel: 'answered without a dispatcher call',
  output_nr: 'a property of the graph, not exposed',
  polygamma: 'self is the second argument: lib/functional/tensor-methods.ts',
  requires_grad_: 'returns this and takes a flag',
  retain_grad: 'the kept grad is the same object each time',
  retains_grad: 'a property',
  set_data: 'x.setData, which keeps the JavaScript object',
  size: 'answered without a dispatcher call',
  stft: 'torch.stft, in lib/functional/tensor-methods.ts',
  storage_offset: 'answered without a dispatcher call',
  stride: 'answered without a dispatcher call',
  numpy_T: 'the property T, installed by lib/operators/ops.ts',
  matrix_H: 'the property H',
  mT: 'a property',
  mH: 'a property',
  sym_is_contiguous: 'symbolic shapes are not exposed',
  where: 'self is the second argument: lib/functional/tensor-methods.ts',
  _fw_primal: 'forward-mode internals',
};

/** Operators without arguments that Python shows as properties. */
export const properties = {
  T: { schema: 'numpy_T', doc: 'All dimensions reversed' },
  H: { schema: 'matrix_H', doc: 'A matrix, transposed and conjugated' },
  real: { schema: 'real', doc: 'The real part, a view' },
  imag: { schema: 'imag', doc: 'The imaginary part, a view' },
  mT: { schema: 'mT', doc: 'The last two dimensions swapped' },
  mH: { schema: 'mH', doc: 'The last two dimensions swapped, and conjugated' },
};

/** What Python's own parser takes where no single schema does: torch/csrc/autograd/python_variable_methods.cpp. */
export const pythonForms = [
  'aten::to(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor',
  'aten::to(Tensor self, Tensor other, bool non_blocking=False, bool copy=False, *, MemoryFormat? memory_format=None) -> Tensor',
  'aten::to(Tensor self, ScalarType dtype, bool non_blocking=False, bool copy=False, *, MemoryFormat? memory_format=None) -> Tensor',
  'aten::to(Tensor self, Device? device, ScalarType? dtype=None, bool non_blocking=False, bool copy=False, *, MemoryFormat? memory_format=None) -> Tensor',
];
