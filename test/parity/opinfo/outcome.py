"""What a call gave: texts that are equal exactly where dtype, shape, strides and bits are. outcome.mjs is the same."""

import hashlib

import torch


def digest(tensor):
    """The bytes of the elements in order; NaN, -0 and all."""
    flat = torch.empty(tensor.numel(), dtype=tensor.dtype)
    flat.copy_(tensor.detach().reshape(-1))
    return hashlib.sha256(flat.view(torch.uint8).numpy().tobytes()).hexdigest()[:16]


def tensor_text(tensor):
    dtype, layout = (str(text).removeprefix("torch.") for text in (tensor.dtype, tensor.layout))
    shape = list(tensor.shape)
    if tensor.layout is torch.strided:
        return f"{dtype} {shape} strides {list(tensor.stride())} {digest(tensor)}"
    if tensor.layout is torch.sparse_coo:
        parts = [tensor._indices(), tensor._values()]
    elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        parts = [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    elif tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
        parts = [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
    else:
        return f"{dtype} {shape} {layout}"
    return f"{dtype} {shape} {layout} {[tensor_text(part) for part in parts]}"


def text(value):
    if isinstance(value, torch.Tensor):
        return tensor_text(value)
    if isinstance(value, (list, tuple)):
        return [text(item) for item in value]
    if isinstance(value, float):
        # JavaScript has one kind of number.
        if value.is_integer() and abs(value) < 2**53 and not (value == 0 and str(value)[0] == "-"):
            return str(int(value))
        return "nan" if value != value else value.hex()
    if isinstance(value, complex):
        return [text(value.real), text(value.imag)]
    return str(value).removeprefix("torch.")


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item)


def root(tensor):
    """A real scalar, whose gradient reaches the operator as an expanded one."""
    total = tensor.sum()
    return total.abs() if total.is_complex() else total


def attempt(call):
    try:
        return call(), None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def outcome(call, inputs):
    result, error = attempt(call)
    if error:
        return {"error": error}
    told = {"result": text(result)}
    outputs = [tensor for tensor in tensors_in(result) if tensor.requires_grad]
    if inputs and outputs:
        gradients, error = attempt(
            lambda: torch.autograd.grad([root(output) for output in outputs], inputs, allow_unused=True)
        )
        told["gradients"] = {"error": error} if error else text(gradients)
    return told
