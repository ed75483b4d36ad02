"""Describes values as corpus/expected.json does: kind, contents, identity, the memory of tensors."""

import collections
import hashlib
import math

import numpy
import torch


class Describer:
    def __init__(self):
        self.ids = {}
        self.storages = {}
        self.alive = []

    def describe(self, value):
        plain = self.plain(value)
        if plain is not None:
            return plain
        if id(value) in self.ids:
            return {"t": "ref", "id": self.ids[id(value)]}
        number = self.ids[id(value)] = len(self.ids)
        self.alive.append(value)
        return {**self.composite(value), "id": number}

    def plain(self, value):
        if value is None:
            return {"t": "none"}
        if isinstance(value, bool):
            return {"t": "bool", "v": value}
        if isinstance(value, numpy.generic):
            return {"t": "npscalar", "v": number(value.item())}
        if isinstance(value, int):
            return {"t": "int", "v": number(value)}
        if isinstance(value, float):
            return {"t": "float", "v": number(value)}
        if isinstance(value, complex):
            return {"t": "complex", "v": {"re": value.real, "im": value.imag}}
        if isinstance(value, str):
            return {"t": "text", "hex": value.encode("utf-8", "surrogatepass").hex()}
        if isinstance(value, (bytes, bytearray)):
            return {"t": type(value).__name__, "hex": value.hex()}
        if isinstance(value, torch.Size):
            return {"t": "size", "v": list(value)}
        if isinstance(value, (torch.device, torch.dtype, torch.layout, torch.qscheme)):
            return {"t": "torch", "v": str(value)}
        if isinstance(value, torch.UntypedStorage):
            return self.storage(value, torch.uint8)
        if isinstance(value, torch.storage.TypedStorage):
            return self.storage(value.untyped(), value.dtype)
        return None

    def composite(self, value):
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if isinstance(value, numpy.ndarray):
            return {"t": "ndarray", "dtype": str(value.dtype), "shape": list(value.shape), "hex": value.tobytes().hex()}
        names = {collections.Counter: "counter", collections.defaultdict: "defaultdict"}
        kind = names.get(type(value)) or type(value).__name__.lower()
        if isinstance(value, dict):
            items = [[self.describe(k), self.describe(v)] for k, v in value.items()]
        else:
            items = [self.describe(v) for v in value]
        attrs = {"attrs": self.attrs(value)} if getattr(value, "__dict__", None) else {}
        return {"t": kind, "items": items, "len": len(value), **attrs}

    def attrs(self, value):
        return {name: self.describe(v) for name, v in value.__dict__.items()}

    def tensor(self, t):
        parameter = isinstance(t, torch.nn.Parameter)
        d = {"t": "parameter" if parameter else "tensor", "dtype": str(t.dtype)[6:], "device": str(t.device)}
        d["requires_grad"] = t.requires_grad
        if t.__dict__:
            d["attrs"] = self.attrs(t)
        if t.is_nested:
            return {**d, "layout": "nested", "parts": [self.memory(p) for p in t.detach().unbind()]}
        d["shape"] = list(t.shape)
        if t.layout != torch.strided:
            return {**d, "layout": str(t.layout)[6:], **self.sparse(t.detach())}
        if t.is_quantized:
            d["quantizer"] = quantizer(t)
            d["integers"] = t.int_repr().contiguous().numpy().tobytes().hex()
        return {**self.memory(t), **d}

    def sparse(self, t):
        if t.layout == torch.sparse_coo:
            parts = {"indices": t._indices(), "values": t._values()}
            return {"is_coalesced": t.is_coalesced(), **{n: self.part(p) for n, p in parts.items()}}
        rows = t.layout in (torch.sparse_csr, torch.sparse_bsr)
        first, second = ("crow", "col") if rows else ("ccol", "row")
        parts = {n: getattr(t, f"{n}_indices")() for n in (first, second)}
        return {n: self.part(p) for n, p in {**parts, "values": t.values()}.items()}

    def part(self, t):
        d = {"t": "tensor", "dtype": str(t.dtype)[6:], "device": str(t.device), "shape": list(t.shape)}
        return {**d, **self.memory(t)}

    def memory(self, t):
        d = {"t": "tensor", "dtype": str(t.dtype)[6:], "device": str(t.device), "shape": list(t.shape)}
        d |= {"stride": list(t.stride()), "offset": t.storage_offset()}
        if t.device.type == "meta":
            return d
        storage = t.untyped_storage()
        d |= {"storage": self.number(storage), "storage_nbytes": storage.nbytes()}
        if t.is_quantized or t.numel() > 1 << 20:
            return d
        plain = t.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
        d["sha256"] = hashlib.sha256(plain.view(torch.uint8).numpy().tobytes()).hexdigest()
        return d

    def storage(self, storage, dtype):
        d = {"t": "typed_storage", "dtype": str(dtype)[6:], "nbytes": storage.nbytes()}
        return {**d, "storage": self.number(storage), "hex": bytes(storage.tolist()).hex()}

    def number(self, storage):
        self.alive.append(storage)
        # A storage of nothing has no address.
        key = storage.data_ptr() or id(storage)
        return self.storages.setdefault(key, len(self.storages))


def number(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"bigint": str(value)}
    if math.isfinite(value) and not (value == 0 and math.copysign(1, value) < 0):
        return value
    return "-0" if value == 0 else str(value)


def quantizer(t):
    if t.qscheme() == torch.per_tensor_affine:
        return {"scale": t.q_scale(), "zero_point": t.q_zero_point()}
    scales, zeros = t.q_per_channel_scales(), t.q_per_channel_zero_points()
    return {"scales": scales.tolist(), "zero_points": zeros.tolist(), "axis": t.q_per_channel_axis()}
