"""What is seen of a model while it trains: hashes of outputs, gradients and state, and the tensors of the last step."""

import contextlib
import ctypes
import hashlib

import torch
from torch.utils._python_dispatch import _disable_current_modes


def sha256(tensor):
    """Of the elements in their order, wherever they lie."""
    flat = tensor.detach().cpu().contiguous()
    size = flat.numel() * flat.element_size()
    if size == 0:
        return hashlib.sha256(b"").hexdigest()
    return hashlib.sha256((ctypes.c_ubyte * size).from_address(flat.data_ptr())).hexdigest()


def leaves(value):
    """The tensors in a value, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return []
    return [leaf for item in value for leaf in leaves(item)]


class Observations:
    def __init__(self, model):
        self.model = model
        self.clear()

    def clear(self):
        self.rows = []
        self.tensors = []
        self.calls = {}

    def layers(self):
        return {name: [type(module).__name__, "" if list(module.children()) else repr(module)]
                for name, module in self.model.named_modules()}

    def note(self, phase, layer, item, tensor, **more):
        # What looks at a tensor is no operator of the model.
        with _disable_current_modes():
            row = {"phase": phase, "layer": layer, "item": item, "hash": sha256(tensor),
                   "dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "strides": list(tensor.stride()), **more}
            self.tensors.append(tensor.detach().clone())
        self.rows.append(row)

    def generator(self, phase):
        self.note("generator", "", phase, torch.get_rng_state())

    def state(self, phase):
        for kind, named in (("parameter", self.model.named_parameters()), ("buffer", self.model.named_buffers())):
            for name, tensor in named:
                layer, _, item = name.rpartition(".")
                self.note(phase, layer, item, tensor, kind=kind)

    def gradients(self):
        for name, parameter in self.model.named_parameters():
            layer, _, item = name.rpartition(".")
            if parameter.grad is not None:
                self.note("gradient", layer, item, parameter.grad)

    @contextlib.contextmanager
    def forward(self, phase):
        handles = []
        for name, module in self.model.named_modules():
            handles.append(module.register_forward_pre_hook(self.before(phase, name)))
            handles.append(module.register_forward_hook(self.after(phase, name)))
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def before(self, phase, layer):
        def hook(_, inputs):
            call = self.calls[layer] = self.calls.get(layer, -1) + 1
            for i, tensor in enumerate(leaves(inputs)):
                self.note(phase, layer, named("input", i, call), tensor)

        return hook

    def after(self, phase, layer):
        def hook(_, __, output):
            call = self.calls[layer]
            for i, tensor in enumerate(leaves(output)):
                node = tensor.grad_fn.name() if tensor.grad_fn is not None else None
                self.note(phase, layer, named("output", i, call), tensor, node=node)
                if tensor.requires_grad:
                    tensor.register_hook(self.backward(layer, named("output", i, call)))

        return hook

    def backward(self, layer, item):
        return lambda gradient: self.note("backward", layer, item, gradient)


def named(kind, i, call):
    """`output`, `output 1` of a tuple, `output (call 1)` of a module that runs again."""
    return kind + (f" {i}" if i else "") + (f" (call {call})" if call else "")
