import torch
from torch.optim import lr_scheduler, swa_utils

functions = {"harmonic": lambda epoch: 1 / (1 + epoch), "shrink": lambda epoch: 0.97}
python_names = {"t_mult": "T_mult"}


def make(schedulers, name, tensor_lr):
    a, b = (torch.nn.Parameter(torch.zeros(size)) for size in (1, 2))
    lr = torch.tensor(0.045) if tensor_lr else 0.045
    groups = [{"params": [a]}, {"params": [b], **({} if tensor_lr else {"lr": 0.3})}]
    optimizer = getattr(torch.optim, name)(groups, **({"lr": lr, "momentum": 0.9} if name == "SGD" else {"lr": lr}))
    made = []

    def argument(value):
        if value == "SELF":
            return list(made)
        return functions.get(value, value) if isinstance(value, str) else value

    for described in schedulers:
        kind = described["name"]
        cls = getattr(lr_scheduler, kind, None) or getattr(swa_utils, kind)
        args = [argument(value) for value in described["args"]]
        options = {python_names.get(key, key): argument(value) for key, value in described.get("options", {}).items()}
        made.append(cls(*args) if kind == "ChainedScheduler" else cls(optimizer, *args, **options))
    return optimizer, made[-1]


def rate(value):
    return value.clone() if isinstance(value, torch.Tensor) else float(value)


def settings(optimizer):
    groups = optimizer.param_groups
    return [[rate(group["lr"]), rate(group["momentum"] if "momentum" in group else group["betas"][0])] for group in groups]


def metric(step):
    return 1 / (1 + min(step, 20)) + (step % 7) * 0.01


def plain(value):
    if isinstance(value, bool) or value is None or isinstance(value, (str, torch.Tensor)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return float(value)


def run(schedulers, optimizer, steps, tensor_lr=False, resume_at=None):
    name = optimizer
    optimizer, scheduler = make(schedulers, name, tensor_lr)
    rates = []
    for step in range(steps):
        if step == resume_at:
            states = optimizer.state_dict(), scheduler.state_dict()
            optimizer, scheduler = make(schedulers, name, tensor_lr)
            optimizer.load_state_dict(states[0])
            scheduler.load_state_dict(states[1])
        rates.append(settings(optimizer))
        optimizer.step()
        if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau):
            scheduler.step(metric(step))
        else:
            scheduler.step()
    return {
        "rates": rates,
        "last": [rate(value) for value in scheduler.get_last_lr()],
        "state": plain(scheduler.state_dict()),
        "optimizer": plain(optimizer.state_dict()["param_groups"]),
    }
