import torch
from torch.optim import lr_scheduler


def run(scheduler, lr, steps):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=lr)
    options = {"T_max" if key == "t_max" else key: value for key, value in scheduler.items() if key != "name"}
    scheduler = getattr(lr_scheduler, scheduler["name"])(optimizer, **options)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {"rates": rates, "last": scheduler.get_last_lr(), "state": scheduler.state_dict(),
            "optimizer": optimizer.state_dict()}
