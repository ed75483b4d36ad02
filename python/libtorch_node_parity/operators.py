"""The operators that some modules call, each with the hashes of its results."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from .observations import leaves, sha256


class Operators(TorchDispatchMode):
    def __init__(self, model, layers):
        super().__init__()
        self.made = {layer: [] for layer in layers}
        self.inside = []
        modules = dict(model.named_modules())
        self.watched = [(layer, modules[layer]) for layer in layers]

    def __enter__(self):
        self.handles = []
        for layer, module in self.watched:
            self.handles.append(module.register_forward_pre_hook(lambda *_, layer=layer: self.inside.append(layer)))
            self.handles.append(module.register_forward_hook(self.leave))
        return super().__enter__() if self.watched else self

    def leave(self, *_):
        # What a hook returns replaces the output.
        self.inside.pop()

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()
        if self.watched:
            super().__exit__(*error)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if self.inside:
            name = str(func._schema.name)
            computes = not (func.is_view or name.startswith("aten::empty"))
            hashes = [sha256(tensor) for tensor in leaves(result)]
            self.made[self.inside[-1]].append({"name": name, "hashes": hashes, "computes": computes})
        return result
