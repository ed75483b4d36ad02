"""Small operators, whole calls from Python, in microseconds: best of five passes."""

import json
import time

import torch

torch.set_num_threads(1)
a, b = torch.rand(8, 8), torch.rand(8, 8)
weight = torch.rand(8, 8, requires_grad=True)

operators = {
    "add": lambda: a.add(b),
    "mul by a number": lambda: a.mul(2),
    "matmul 8x8": lambda: a.matmul(b),
    "view": lambda: a.view([64]),
    "select": lambda: a.select(0, 1),
    "cat": lambda: torch.cat([a, b]),
    "relu, recorded": lambda: weight.relu(),
    "sum by name": lambda: a.sum(dim=1, keepdim=True),
}

results = {}
for name, operator in operators.items():
    for _ in range(10_000):
        operator()
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(30_000):
            operator()
        best = min(best, (time.perf_counter() - begin) * 1e6 / 30_000)
    results[name] = best
print(json.dumps(results))
