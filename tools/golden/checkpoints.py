"""Writes small files with torch.save: test/serialization/golden/*.pt. A test makes the same values and compares.

    python tools/golden/checkpoints.py            (needs torch; run from the repository's root)
"""

import math
import pathlib
from collections import OrderedDict

import torch

GOLDEN = pathlib.Path("test/serialization/golden")

DTYPES = (
    "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 complex32 "
    "uint16 uint32 uint64 float8_e5m2 float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz"
).split()


def count(n, dtype=torch.float32):
    return torch.arange(n, dtype=torch.int64).to(dtype)


def state_dict():
    values = OrderedDict(weight=count(4), bias=count(2))
    values["bn.num_batches_tracked"] = torch.tensor(3)
    values._metadata = OrderedDict([("", {"version": 1}), ("bn", {"version": 2})])
    return values


def shared():
    base, items = count(10), [1]
    return {
        "a": base,
        "same": base,
        "rows": base.view(2, 5),
        "part": base.narrow(0, 3, 4),
        "turned": base.view(2, 5).t(),
        "list": items,
        "same list": items,
    }


def empty():
    return {
        "none": torch.empty(0),
        "box": torch.empty(2, 0, 3),
        "scalar": torch.tensor(3.5),
        "channels_last": count(24).view(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
    }


VALUES = {
    "tensor": count(6).view(2, 3),
    "state_dict": state_dict(),
    "scalars": {
        "int": 1, "float": 1.0, "true": True, "false": False, "none": None, "negative": -5,
        "255": 255, "256": 256, "65535": 65535, "65536": 65536,
        "2^31-1": 2**31 - 1, "2^31": 2**31, "-2^31": -(2**31), "-2^31-1": -(2**31) - 1, "2^53-1": 2**53 - 1,
        "2^70": 2**70, "-2^70": -(2**70), "-2^39": -(2**39), "-2^63": -(2**63),
        "tenth": 0.1, "nan": math.nan, "inf": math.inf, "-inf": -math.inf, "-0": -0.0, "1e300": 1e300,
        "text": "h\u00e9\U0001f600", "no text": "", "surrogate": "a\ud800b",
    },
    "containers": {
        "[]": [], "[1]": [1], "[1,2]": [1, 2], "{}": {}, "{one}": {"a": 1},
        "keys": {1: "int", "1": "str", None: "none", 1.5: "float", (): "tuple"},
        "()": (), "(1)": (1,), "(3)": (1, 2.5, "a"), "(4)": (1, 2, 3, 4), "set": {1, 2}, "nested": [[[]]],
    },
    "shared": shared(),
    "dtypes": {name: count(4, getattr(torch, name)) for name in DTYPES},
    "objects": {
        "dtype": torch.float32,
        "other": torch.bfloat16,
        "second": torch.device("cuda:1"),
        "plain": torch.device("meta"),
    },
    "parameters": {
        "p": torch.nn.Parameter(count(4)),
        "frozen": torch.nn.Parameter(count(4), requires_grad=False),
        "leaf": count(3).requires_grad_(),
        "conjugate": count(4).to(torch.complex64).conj(),
        "negative": count(4).to(torch.complex64).conj().imag,
    },
    "empty": empty(),
    "dict_1000": {f"k{i}": i for i in range(1000)},
    "ordered_1001": OrderedDict((f"k{i}", i) for i in range(1001)),
    "list_2001": list(range(2001)),
}

GOLDEN.mkdir(parents=True, exist_ok=True)
for name, value in VALUES.items():
    torch.save(value, GOLDEN / f"{name}.pt")
print(f"torch {torch.__version__}: {len(VALUES)} files")
