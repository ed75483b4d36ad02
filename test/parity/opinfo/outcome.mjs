// What a call gave, as texts: the other half of outcome.py.

import { createHash } from 'node:crypto';
import * as torch from 'libtorch-node';
import { hexFloat } from './hex-float.mjs';

const list = (items) => `[${items.join(', ')}]`;

function digest(tensor) {
  const flat = torch.empty([tensor.numel()], { dtype: tensor.dtype });
  flat.copy_(tensor.detach().reshape(-1));
  const { buffer, byteOffset, byteLength } = flat.view(torch.uint8).typedArray();
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
    .slice(0, 16);
}

const parts = {
  sparse_coo: (tensor) => [tensor._indices(), tensor._values()],
  sparse_csr: (tensor) => [tensor.crowIndices(), tensor.colIndices(), tensor.values()],
  sparse_bsr: (tensor) => [tensor.crowIndices(), tensor.colIndices(), tensor.values()],
  sparse_csc: (tensor) => [tensor.ccolIndices(), tensor.rowIndices(), tensor.values()],
  sparse_bsc: (tensor) => [tensor.ccolIndices(), tensor.rowIndices(), tensor.values()],
};

function tensorText(tensor) {
  const [dtype, layout] = [tensor.dtype.name, String(tensor.layout).replace('torch.', '')];
  if (layout === 'strided')
    return `${dtype} ${list(tensor.shape)} strides ${list(tensor.stride())} ${digest(tensor)}`;
  const texts = parts[layout]?.(tensor).map((part) => `'${tensorText(part)}'`);
  return `${dtype} ${list(tensor.shape)} ${layout}${texts ? ` ${list(texts)}` : ''}`;
}

export function text(value) {
  if (torch.isTensor(value)) return tensorText(value);
  if (Array.isArray(value)) return value.map(text);
  if (value instanceof torch.Complex) return [hexFloat(value.re), hexFloat(value.im)];
  if (value instanceof torch.TorchFloat) return text(value.value);
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0)))
    return hexFloat(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return 'None';
  return String(value).replace('torch.', '');
}

export function* tensorsIn(value) {
  if (torch.isTensor(value)) yield value;
  else if (Array.isArray(value)) for (const item of value) yield* tensorsIn(item);
}

export function root(tensor) {
  const total = tensor.sum();
  return total.dtype.isComplex ? total.abs() : total;
}

/** Classes that PyTorch does not tell apart. */
const ours = ['TorchError', 'ShapeError', 'DtypeError', 'DeviceError'];
const classes = Object.fromEntries(ours.map((name) => [name, 'RuntimeError']));

export function attempt(call) {
  try {
    return { value: call() };
  } catch (error) {
    return { error: `${classes[error.name] ?? error.name}: ${error.message}`, thrown: error };
  }
}

export function outcome(call, inputs) {
  const { value, error, thrown } = attempt(call);
  if (error) return { error, thrown };
  const told = { result: text(value) };
  const outputs = [...tensorsIn(value)].filter((tensor) => tensor.requiresGrad);
  if (inputs.length > 0 && outputs.length > 0) {
    const found = attempt(() => torch.autograd.grad(outputs.map(root), inputs, { allowUnused: true }));
    told.gradients = found.error ? { error: found.error } : text(found.value);
  }
  return told;
}
