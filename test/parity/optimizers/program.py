"""Ten steps of an optimizer from one seed, the gradients of each step from its own: program.mjs is the same."""

import os

import torch
from outcome import text

STEPS = 10
DEVICE = os.environ.get("LIBTORCH_NODE_TEST_DEVICE", "cpu")
SHAPES = [(3, 4), (5,), (2, 3, 4), ()]
MATRICES = [(6, 4), (3, 5)]


def parameters(name, dtype):
    torch.manual_seed(0)
    params = [torch.randn(shape, dtype=dtype) for shape in (MATRICES if name == "Muon" else SHAPES)]
    # One that is not contiguous (LBFGS refuses those), and one that never has a gradient.
    params.append(torch.randn(4, 3, dtype=dtype).t() if name != "LBFGS" else torch.randn(4, 3, dtype=dtype))
    params.append(torch.randn(2, 2, dtype=dtype))
    return [param.to(DEVICE).requires_grad_() for param in params]


def gradient(param, sparse):
    if not sparse or param.dim() == 0:
        return torch.randn(param.shape, dtype=param.dtype)
    rows = torch.randint(param.shape[0], (3,))
    return torch.sparse_coo_tensor(rows.unsqueeze(0), torch.randn(3, *param.shape[1:], dtype=param.dtype), param.shape)


def closure(optimizer, params):
    def evaluate():
        optimizer.zero_grad()
        loss = sum((param - 0.5).abs().square().sum() + param.abs().pow(4).mean() for param in params[:-1])
        loss.backward()
        return loss

    return evaluate


def differentiated(total, inputs):
    try:
        return text(torch.autograd.grad(total, inputs, allow_unused=True))
    except RuntimeError as error:
        return str(error)


class Run:
    def __init__(self, cls, kwargs, dtype, kind):
        self.kind, self.fused = kind, kwargs.get("fused")
        self.leaves = parameters(cls.__name__, dtype)
        self.params = self.leaves
        if kind == "sparse":
            self.params = self.leaves = [leaf for leaf in self.leaves if leaf.dim() > 0]
        if kind == "differentiable":
            self.params = [leaf.clone() for leaf in self.leaves]
            for param in self.params:
                param.retain_grad()
        self.gradients = []
        groups = self.params
        if kind != "closure" and not isinstance(kwargs.get("lr"), torch.Tensor):
            groups = [{"params": self.params[:2]}, {"params": self.params[2:], "lr": 0.003}]
        self.optimizer = cls(groups, **kwargs)

    def steps(self, first, last):
        for step in range(first, last):
            torch.manual_seed(100 + step)
            if self.kind == "closure":
                self.optimizer.step(closure(self.optimizer, self.params))
                continue
            for index, param in enumerate(self.params[:-1]):
                # The second has no gradient at first, which Python's fused SGD cannot take.
                if index == 1 and step < 2 and not self.fused:
                    continue
                param.grad = gradient(param, self.kind == "sparse").to(DEVICE)
                if self.kind == "differentiable":
                    self.gradients.append(param.grad.requires_grad_())
            self.optimizer.step()

    def state(self):
        state = self.optimizer.state_dict()
        return {"params": [param.detach() for param in self.leaves], "optimizer": state}

    def resume(self, saved):
        with torch.no_grad():
            for param, value in zip(self.leaves, saved["params"]):
                param.copy_(value)
        self.optimizer.load_state_dict(saved["optimizer"])

    def outcome(self):
        state = self.optimizer.state_dict()
        told = {
            "params": text(self.params),
            "state": [[key, sorted([name, text(item)] for name, item in values.items())] for key, values in state["state"].items()],
            "groups": [[[key, text(item)] for key, item in group.items()] for group in state["param_groups"]],
            "gradients": text([param.grad for param in self.params]),
        }
        if self.kind == "differentiable":
            total = sum(param.abs().square().sum() for param in self.params)
            inputs = [*self.leaves, *self.gradients]
            told["differentiated"] = differentiated(total, inputs)
        return told
