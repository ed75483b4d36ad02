import torch
from torch import nn


def run(optimizer, options, steps, dtype):
    dtype = getattr(torch, dtype)
    if "betas" in options:
        options["betas"] = tuple(options["betas"])
    layers = [nn.Linear(16, 24, dtype=dtype), nn.ReLU(), nn.Linear(24, 5, dtype=dtype)]
    model = nn.Sequential(*layers)
    weights = [layers[0].weight, layers[2].weight]
    biases = [layers[0].bias, layers[2].bias]
    groups = [{"params": weights}, {"params": biases, "lr": 0.003}]
    optimizer = getattr(torch.optim, optimizer)(groups, **options)
    losses = []
    for _ in range(steps):
        loss = (model(torch.randn(8, 16, dtype=dtype)) - 1).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "text": str(optimizer)}
