"""MAML on sine waves: functional_call, gradients through the inner steps, torch.linalg, a learned step size."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call

inner_steps, tasks, shots = 2, 3, 8


class Sine(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
        self.log_lr = nn.ParameterDict({n.replace(".", "_"): torch.tensor(-3.0) for n, _ in self.net.named_parameters()})

    def forward(self, x):
        return self.net(x)


def sample_task():
    amplitude, phase = torch.empty(1).uniform_(0.1, 5.0), torch.rand(1) * torch.pi
    x = torch.rand(2 * shots, 1) * 10 - 5
    y = amplitude * torch.sin(x - phase)
    return x[:shots], y[:shots], x[shots:], y[shots:]


def adapt(model, x, y):
    params = dict(model.net.named_parameters())
    for _ in range(inner_steps):
        loss = F.mse_loss(functional_call(model.net, params, (x,)), y)
        grads = torch.autograd.grad(loss, list(params.values()), create_graph=True)
        params = {
            name: p - model.log_lr[name.replace(".", "_")].exp() * g for (name, p), g in zip(params.items(), grads)
        }
    return params


def run():
    model = Sine()
    meta_optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, amsgrad=True)
    losses = []
    for _ in range(4):
        meta_optimizer.zero_grad(set_to_none=True)
        outer = torch.tensor(0.0)
        for _ in range(tasks):
            x_s, y_s, x_q, y_q = sample_task()
            fast = adapt(model, x_s, y_s)
            outer = outer + F.mse_loss(functional_call(model.net, fast, x_q), y_q)
        (outer / tasks).backward()
        meta_optimizer.step()
        losses.append(outer.item())

    x_s, y_s, _, _ = sample_task()
    fast = adapt(model, x_s, y_s)
    features = model.net[:4](x_s).detach()
    ridge = torch.linalg.solve(features.T @ features + 0.1 * torch.eye(16), features.T @ y_s)
    return {
        "losses": losses,
        "fast": {name: p.detach() for name, p in fast.items()},
        "ridge": ridge,
        "keys": list(model.state_dict()),
        "model": model.state_dict(),
        "meta_optimizer": meta_optimizer.state_dict(),
    }
