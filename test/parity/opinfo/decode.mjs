// Rebuilds a sample that encode.py described: the same storages, views, flags and numbers.

import * as torch from 'libtorch-node';

/** The package by its exports' names. */
const exported = new Map(Object.entries(torch));

export const camel = (name) => name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, next) => next.toUpperCase());

/** Python's repr of a float. */
function parseFloat64(text) {
  if (text === 'inf' || text === '-inf') return text === 'inf' ? Infinity : -Infinity;
  return text === 'nan' ? NaN : Number(text);
}

function strided({ storage, dtype, size, stride, offset, conj, neg }, storages) {
  const view = storages[storage].view(exported.get(dtype)).asStrided(size, stride, offset).detach();
  const conjugated = conj ? view._conj() : view;
  return neg ? conjugated._negView() : conjugated;
}

function sparse({ sparse: layout, parts, size, coalesced }, made) {
  const [first, second, third] = parts.map((part) => made[part]);
  if (layout === 'sparse_coo') {
    return torch.aten._sparseCooTensorUnsafe(first, second, size, { isCoalesced: coalesced });
  }
  return torch.aten._sparseCompressedTensorUnsafe(first, second, third, size, {
    dtype: third.dtype,
    layout: exported.get(camel(layout)),
  });
}

/**
 * What the sample gives: positional arguments, named ones, and the tensors that require gradients, in order. `more` has
 * kinds of values beside those of every sample.
 */
export function decode({ args, kwargs = null, forms = {}, tensors, storages }, more = {}) {
  const devices = new Map(tensors.map(({ storage, device }) => [storage, device]));
  const buffers = storages.map((bytes, index) =>
    torch.tensor(new Uint8Array(Buffer.from(bytes, 'base64'))).to(devices.get(index) ?? 'cpu'),
  );
  const made = [];
  for (const described of tensors) {
    const tensor = described.sparse ? sparse(described, made) : strided(described, buffers);
    made.push(described.requiresGrad ? tensor.requiresGrad_() : tensor);
  }
  const kinds = {
    tensor: (index) => made[index],
    int: (digits) => BigInt(digits),
    float(text) {
      const value = parseFloat64(text);
      return Number.isInteger(value) && !Object.is(value, -0) ? torch.float(value) : value;
    },
    complex: ([re, im]) => new torch.Complex(parseFloat64(re), parseFloat64(im)),
    dict: (entries) =>
      Object.fromEntries(Object.entries(entries).map(([key, item]) => [camel(key), value(item)])),
    dtype: (name) => exported.get(name),
    layout: (name) => exported.get(camel(name)),
    memory_format: (name) => exported.get(camel(name)),
    device: (name) => torch.device(name),
    slice: (parts) => torch.slice(...parts.map(value)),
    ellipsis: () => torch.ellipsis,
    ...Object.fromEntries(Object.entries(more).map(([kind, make]) => [kind, (v) => make(value(v))])),
  };
  function value(item) {
    if (Array.isArray(item)) return item.map(value);
    if (typeof item !== 'object' || item === null) return item;
    return kinds[item.$](item.v);
  }
  const calls = Object.entries(forms).map(([form, call]) => [
    form,
    { ...call, args: value(call.args ?? args), kwargs: value(call.kwargs ?? kwargs) },
  ]);
  return {
    args: value(args),
    kwargs: value(kwargs),
    forms: Object.fromEntries(calls),
    inputs: made.filter((tensor) => tensor.requiresGrad),
  };
}
