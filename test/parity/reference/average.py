import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn, get_ema_multi_avg_fn, get_swa_multi_avg_fn, update_bn


def options(kind):
    if kind == "ema":
        return {"avg_fn": get_ema_avg_fn(0.9)}
    if kind == "ema multi":
        return {"multi_avg_fn": get_ema_multi_avg_fn(0.9)}
    return {"multi_avg_fn": get_swa_multi_avg_fn()} if kind == "swa multi" else {}


def run(kind, use_buffers, steps):
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(64, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    averaged = AveragedModel(model, **options(kind), use_buffers=use_buffers)
    before = {key: value.clone() for key, value in averaged.state_dict().items()}
    for _ in range(steps):
        loss = model(torch.randn(5, 3, 6, 6)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        averaged.update_parameters(model)
    state = {key: value.clone() for key, value in averaged.state_dict().items()}
    update_bn([torch.randn(4, 3, 6, 6), [torch.randn(3, 3, 6, 6), 1]], averaged)
    output = averaged.eval()(torch.randn(2, 3, 6, 6))
    return {"before": before, "state": state, "after": averaged.state_dict(), "output": output}
