// libtorch throws most refusals as one class and says in words what is wrong. This is the only place that reads them.

/** The classes that a text may stand for; PyTorch has RuntimeError for all of them. */
export type TextKind = 'DeviceError' | 'DtypeError' | 'ShapeError' | 'OutOfMemoryError';

/** In order: the first that fits wins. A text that fits none stays a TorchError. */
const table: readonly (readonly [TextKind, readonly RegExp[]])[] = [
  ['OutOfMemoryError', [/\bout of memory\b/i, /can't allocate memory/]],
  [
    'DeviceError',
    [
      /\b(same|different|all tensors to be on|on) devices?\b/,
      /\bdevice type\b|\bdevice index\b|\binvalid device\b/i,
      /not compiled with \w+ enabled|compiled without CUDA|NVIDIA driver|not linked with support for/,
      /accelerator device when none is available|no pinned memory allocator/,
      /^CUDA error:/,
    ],
  ],
  [
    'DtypeError',
    [
      /(?<!for input )\bdtypes?\b|\bscalar type\b|\bdata type\b/i,
      /^Input type \(/,
      /can't be cast to the desired output type/,
      /(only supports?|must be|expects?|should be) (a )?(boolean|bool|floating[- ]point|integral|Long|byte)\b/i,
      /\bbool tensor is not supported\b|on two bool tensors/,
    ],
  ],
  [
    'ShapeError',
    [
      /^The size of tensor a|^The expanded size of the tensor|^Sizes of tensors|^Size does not match|\bsize mismatch\b/i,
      /\bshapes?\b(?! is invalid)/,
      /^shape '.*' is invalid for input of size|^size \{.*\} is not expandable/,
      /\b\d+-?D\b|[- ]dimensional\b|\bdimensionality\b|\bdim\(\d+\)/i,
      /(same|number of|matching|total|input|least|most|fewer|up to|<=|>=|be|got)( than)?( \d+| one| two| three)? dim(ension)?s?\b/,
      /\bbe \d+ (or \d+ )?dim(ension)?\b/,
      /but got (\w+ )?(of size|tensor with dim)\b/,
      /^inconsistent (tensor|target|weight) size|with size equal to|same sizes of/,
      /must have (the same )?length \d|same numel|same number of elements/,
      /\bsplit along dimension\b|exceeds dimension size/,
      /non-?empty (input )?(tensor|TensorList|vector|matrix)|zero-dim|0-dim/i,
    ],
  ],
];

export function textKind(text: string): TextKind | undefined {
  const [line = ''] = text.split('\n');
  return table.find(([, patterns]) => patterns.some((pattern) => pattern.test(line)))?.[0];
}

/** The argument that libtorch's own checks name: `Expected ... for argument #2 'weight' ...`. */
export function blamedArgument(text: string): string | undefined {
  return /\bargument (?:#\d+ )?'(\w+)'/.exec(text)?.[1];
}
