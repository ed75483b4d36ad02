"""Forty values that PyTorch saves, and some that only pickle does."""

import collections

import numpy
import torch

N = torch.nn


def count(n, dtype=torch.float32):
    return torch.arange(n).to(dtype)


def noted(tensor, **attributes):
    for name, value in attributes.items():
        setattr(tensor, name, value)
    return tensor


def training():
    torch.manual_seed(0)
    model = N.Sequential(N.Linear(3, 4), N.BatchNorm1d(4), N.Linear(4, 2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0, weight_decay=0.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(5, 3)).square().sum().backward()
        optimizer.step()
        scheduler.step()
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "best": 1.0}
    return {**state, "scheduler": scheduler.state_dict(), "rng": torch.get_rng_state()}


def views():
    base = count(12)
    return {"base": base, "rows": base.view(3, 4), "turned": base.view(3, 4).t(), "part": base[3:7], "again": base}


def with_attributes():
    state = collections.OrderedDict(a=count(2))
    state._metadata = collections.OrderedDict([("", {"version": 1})])
    state.note = 2.0
    return state


def circle():
    items = [1.0]
    items.append(items)
    return items


def compressed():
    dense = torch.tensor([[0.0, 1.0, 0.0, 2.0], [3.0, 0.0, 0.0, 0.0]])
    layouts = {"csr": dense.to_sparse_csr(), "csc": dense.to_sparse_csc()}
    return {**layouts, "bsr": dense.to_sparse_bsr((1, 2)), "bsc": dense.to_sparse_bsc((2, 2))}


TYPED = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128".split()
UNTYPED = "uint16 uint32 uint64 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz complex32".split()
quantized = torch.quantize_per_tensor(count(6), 0.5, 3, torch.quint8)
scales, zeros = torch.tensor([0.5, 0.25]), torch.tensor([1, 2])

VALUES = {
    "tensor": lambda: count(6).view(2, 3),
    "typed": lambda: {name: count(4, getattr(torch, name)) for name in TYPED},
    "untyped": lambda: {name: count(4, getattr(torch, name)) for name in UNTYPED},
    "scalars_of_0_dimensions": lambda: [torch.tensor(3.5), torch.tensor(3), torch.tensor(True)],
    "nothing": lambda: [torch.empty(0), torch.empty(2, 0, 3)],
    "transposed": lambda: count(6).view(2, 3).t(),
    "channels_last": lambda: count(24).view(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
    "strided": lambda: count(20)[2:18:3],
    "expanded": lambda: count(1).expand(5, 4),
    "part_of_a_storage": lambda: count(1000)[500:503],
    "views": views,
    "parameter": lambda: N.Parameter(count(3)),
    "frozen_parameter": lambda: N.Parameter(count(3), requires_grad=False),
    "parameter_with_attributes": lambda: noted(N.Parameter(count(3)), tag="x", scale=2.0),
    "tensor_with_attributes": lambda: noted(count(3), tag=[1, 2.0], other=count(2)),
    "buffer": lambda: N.Buffer(count(3)),
    "leaf": lambda: count(3).requires_grad_(),
    "conjugate": lambda: torch.complex(count(3), count(3)).conj(),
    "negative": lambda: torch.complex(count(3), count(3)).conj().imag,
    "coo": lambda: torch.tensor([[0.0, 1.0], [2.0, 0.0]]).to_sparse(),
    "coo_twice": lambda: torch.sparse_coo_tensor([[1, 1]], [2.0, 3.0], (4,)),
    "compressed": compressed,
    "quantized": lambda: [quantized, quantized.view(2, 3)[1]],
    "quantized_by_channel": lambda: torch.quantize_per_channel(count(6).view(3, 2), scales, zeros, 1, torch.qint8),
    "quantized_32": lambda: torch.quantize_per_tensor(count(4), 0.125, 0, torch.qint32),
    "meta": lambda: torch.empty(2, 3, device="meta", dtype=torch.float16),
    "nested": lambda: torch.nested.nested_tensor([torch.ones(2), torch.zeros(3)]),
    "state_dict": lambda: N.Sequential(N.Conv2d(3, 4, 3), N.BatchNorm2d(4)).state_dict(),
    "training": training,
    "ints": lambda: [0, 255, 256, 65536, -1, 2**31, -(2**31) - 1, 2**53, -(2**63), 2**64, 2**200],
    "floats": lambda: [0.0, 1.0, -0.0, 0.1, 1e300, float("inf"), float("nan"), (2.0, 3)],
    "strings": lambda: ["", "é", "\U0001f600", "nul\0in", "\ud800", "a" * 300],
    "bytes": lambda: [b"\0\xff", bytearray(b"xy"), b"abc"],
    "tuples": lambda: ((1,), (1, 2.0), (1, 2, 3), (1, 2, 3, 4), [(1, 2)]),
    "containers": lambda: {"l": [[[]], {}], "d": {"a": {"b": {}}}, "s": {1, 2}, "f": {"x": 1.0}},
    "keys": lambda: {1: "int", "1": "str", None: 0, 1.5: 0, (1, 2): 0, False: 0, b"b": 0, "__proto__": 0},
    "attributes": with_attributes,
    "counter": lambda: collections.Counter("aab"),
    "of_torch": lambda: [torch.Size([1, 2]), torch.float16, torch.device("cuda:1"), torch.sparse_csr, torch.uint16],
    "complex": lambda: [1 - 2j, complex(0.0, -0.0)],
    "storages": lambda: {"untyped": count(3, torch.uint8).untyped_storage(), "typed": count(2)._typed_storage()},
    "circle": circle,
    "many": lambda: {f"layer.{i}": torch.tensor([float(i)]) for i in range(1200)},
    "same": lambda: (lambda items: [items, items, (items,)])([1, 2]),
}

# What weights_only refuses, and is data all the same.
HARMLESS = {
    "numpy_scalars": lambda: [numpy.float64(0.5), numpy.int64(3), numpy.float32(2.0), numpy.bool_(True)],
    "numpy_wide": lambda: [numpy.uint64(2**64 - 1), numpy.int8(-3), numpy.float16(0.5), numpy.complex64(1 + 2j)],
    "numpy_arrays": lambda: {name: numpy.arange(6).astype(name) for name in "f8 f4 f2 i8 i2 u1 u4 b1 c16".split()},
    "numpy_shapes": lambda: [numpy.arange(6.0).reshape(2, 3), numpy.zeros((2, 0)), numpy.array(3.0)],
    "numpy_fortran": lambda: numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3)),
    "numpy_big_endian": lambda: numpy.arange(4, dtype=">i4"),
    "defaultdict": lambda: collections.defaultdict(list, a=[1]),
    "frozenset": lambda: {"f": frozenset([1, 2]), "k": {frozenset([1]): 1}},
}
