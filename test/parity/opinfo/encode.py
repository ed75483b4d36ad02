"""Samples as JSON: storages as bytes, tensors as views of them, so that sharing, strides and offsets survive."""

import base64
import dataclasses
import os

import numpy
import torch


DEVICES = ("cpu", os.environ.get("LIBTORCH_NODE_TEST_DEVICE", "cpu"))


class Unexportable(Exception):
    pass


def storage_bytes(tensor):
    storage = tensor.untyped_storage()
    flat = torch.empty(0, dtype=torch.uint8, device=tensor.device).set_(storage, 0, (storage.nbytes(),), (1,))
    return base64.b64encode(flat.cpu().numpy().tobytes()).decode()


class Encoder:
    def __init__(self):
        self.tensors, self.storages = [], []
        self.differentiable = []
        self._known, self._where = {}, {}

    def leaves(self, value):
        """The same value, its computed tensors made leaves, so that both sides differentiate the same graph."""
        if isinstance(value, torch.Tensor):
            if id(value) not in self._known:
                # A view of a leaf that was made without a graph is a leaf too, but its gradient goes to the leaf.
                whole = value.is_leaf and not (value.requires_grad and value._is_view())
                leaf = value if whole else value.detach().requires_grad_(value.requires_grad)
                self._known[id(value)] = (value, leaf)
                self._known[id(leaf)] = (leaf, leaf)
            return self._known[id(value)][1]
        if type(value) in (list, tuple):
            return type(value)(self.leaves(item) for item in value)
        if type(value) is dict:
            return {key: self.leaves(item) for key, item in value.items()}
        return value

    def value(self, value):
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, torch.Tensor):
            return {"$": "tensor", "v": self._tensor(value)}
        if isinstance(value, numpy.generic):
            return self.value(value.item())
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"$": "int", "v": str(value)}
        if isinstance(value, float):
            return {"$": "float", "v": repr(value)}
        if isinstance(value, complex):
            return {"$": "complex", "v": [repr(value.real), repr(value.imag)]}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {"$": "dict", "v": {key: self.value(item) for key, item in value.items()}}
        if isinstance(value, (torch.dtype, torch.layout, torch.memory_format, torch.device)):
            kind = type(value).__name__
            return {"$": kind, "v": str(value).removeprefix("torch.")}
        if isinstance(value, slice):
            return {"$": "slice", "v": [self.value(part) for part in (value.start, value.stop, value.step)]}
        if dataclasses.is_dataclass(value):
            return self.value(dataclasses.asdict(value))
        if value is Ellipsis:
            return {"$": "ellipsis"}
        raise Unexportable(f"a {type(value).__name__} among the arguments")

    def _tensor(self, tensor):
        if id(tensor) in self._where:
            return self._where[id(tensor)]
        described = self._described(tensor)
        self._where[id(tensor)] = len(self.tensors)
        self._known[id(tensor)] = (tensor, tensor)  # an id is free again when its object dies
        self.tensors.append({**described, "requiresGrad": tensor.requires_grad})
        if tensor.requires_grad:
            self.differentiable.append(tensor)
        return self._where[id(tensor)]

    def _described(self, tensor):
        if type(tensor) is not torch.Tensor and type(tensor) is not torch.nn.Parameter:
            raise Unexportable(f"a {type(tensor).__name__} among the arguments")
        plain = tensor.detach()
        if plain.is_nested or plain.is_quantized or plain.device.type not in DEVICES:
            raise Unexportable("a nested or quantized tensor, or one of another device")
        if plain.layout is torch.sparse_coo:
            parts = [self._tensor(plain._indices()), self._tensor(plain._values())]
            return {"sparse": "sparse_coo", "parts": parts, "size": list(plain.shape), "coalesced": plain.is_coalesced()}
        if plain.layout in (torch.sparse_csr, torch.sparse_bsr):
            parts = [plain.crow_indices(), plain.col_indices(), plain.values()]
        elif plain.layout in (torch.sparse_csc, torch.sparse_bsc):
            parts = [plain.ccol_indices(), plain.row_indices(), plain.values()]
        elif plain.layout is torch.strided:
            return self._strided(plain)
        else:
            raise Unexportable(f"a tensor of layout {plain.layout}")
        layout = str(plain.layout).removeprefix("torch.")
        return {"sparse": layout, "parts": [self._tensor(part) for part in parts], "size": list(plain.shape)}

    def _strided(self, tensor):
        memory = tensor.untyped_storage()
        last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride()))
        needed = (tensor.storage_offset() + last + 1) * tensor.itemsize if tensor.numel() else 0
        if needed > memory.nbytes():
            raise Unexportable("a tensor over memory that is too small for it")
        storage = tensor.untyped_storage()._cdata
        if storage not in self._where:
            self._where[storage] = len(self.storages)
            self._known[storage] = tensor
            self.storages.append(storage_bytes(tensor))
        return {
            "storage": self._where[storage],
            "device": tensor.device.type,
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "size": list(tensor.shape),
            "stride": list(tensor.stride()),
            "offset": tensor.storage_offset(),
            "conj": tensor.is_conj(),
            "neg": tensor.is_neg(),
        }
