"""Small operators, whole calls from Python, in microseconds: best of five passes."""

import json
import time

import torch

torch.set_num_threads(1)
a, b = torch.rand(8, 8), torch.rand(8, 8)
weight = torch.rand(8, 8, requires_grad=True)

layers = [
    (torch.rand(8, 8, requires_grad=True), torch.rand(8, requires_grad=True)) for _ in range(4)
]
rows = torch.tensor([1, 3, 5])


def loss(x):
    """Ten operators."""
    for i, (weight_, bias) in enumerate(layers):
        x = torch.nn.functional.linear(x, weight_, bias)
        if i < 3:
            x = x.relu()
    return x.sub(b).pow(2).mean()


def step():
    loss(a).backward()
    for weight_, bias in layers:
        weight_.grad = bias.grad = None


operators = {
    "add": lambda: a.add(b),
    "mul by a number": lambda: a.mul(2),
    "matmul 8x8": lambda: a.matmul(b),
    "view": lambda: a.view([64]),
    "select": lambda: a.select(0, 1),
    "cat": lambda: torch.cat([a, b]),
    "relu, recorded": lambda: weight.relu(),
    "sum by name": lambda: a.sum(dim=1, keepdim=True),
    "index by an integer": lambda: a[1],
    "index by a tensor": lambda: a[rows],
    "MLP of 10 operators, forward": lambda: loss(a),
    "MLP of 10 operators, forward, recorded once": lambda: loss(a),
    "MLP of 10 operators, forward and backward": step,
}

results = {}
for name, operator in operators.items():
    for _ in range(5_000):
        operator()
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(10_000):
            operator()
        best = min(best, (time.perf_counter() - begin) * 1e6 / 10_000)
    results[name] = best
print(json.dumps(results))
