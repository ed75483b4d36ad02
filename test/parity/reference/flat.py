"""A value as a list of [path, text]; equal texts mean equal bits. The other half is ../flat.ts."""

import ctypes
import hashlib

import torch


def tensor_text(tensor):
    strides = tensor.stride()
    tensor = tensor.detach().contiguous().cpu()
    data = ctypes.string_at(tensor.data_ptr(), tensor.nbytes)
    text = f"{str(tensor.dtype)[6:]} {list(tensor.shape)} strides {list(strides)} {hashlib.sha256(data).hexdigest()}"
    return f"{text} = {tensor.item().hex()}" if tensor.is_floating_point() and tensor.numel() == 1 else text


def scalar_text(value):
    if isinstance(value, torch.Tensor):
        return tensor_text(value)
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, str):
        return f"'{value}'"
    return str(value)


def flat(value, path=""):
    if isinstance(value, dict):
        entries = [(f"[{key}]" if isinstance(key, int) else f".{key}", item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        entries = [(f"[{index}]", item) for index, item in enumerate(value)]
    else:
        return [[path, scalar_text(value)]]
    kind = "dict" if isinstance(value, dict) else "tuple" if isinstance(value, tuple) else "list"
    return [[path, f"{kind} of {len(entries)}"], *(leaf for key, item in entries for leaf in flat(item, path + key))]
