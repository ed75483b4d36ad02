import torch


def run(optimizer, options, steps, clip):
    device = torch.get_default_device().type

    def make():
        return torch.amp.GradScaler(device, init_scale=1024.0, growth_factor=2.5, backoff_factor=0.4, growth_interval=3)

    w, b = params = [torch.nn.Parameter(torch.randn(3, 4)), torch.nn.Parameter(torch.randn(4))]
    optimizer = getattr(torch.optim, optimizer)(params, **options)
    scaler = make()
    trajectory = []
    for step in range(steps):
        if step == steps / 2:
            state = scaler.state_dict()
            scaler = make()
            scaler.load_state_dict(state)
        optimizer.zero_grad()
        factor = float("inf") if step % 5 == 4 else 1e36 if step == 7 else 1
        loss = (torch.randn(2, 3) @ w + b).square().mean() * factor
        scaler.scale(loss).backward()
        if clip:
            scaler.unscale_(optimizer)
            with torch.no_grad():
                for param in params:
                    param.grad.clamp_(-0.5, 0.5)
        scaler.step(optimizer)
        scaler.update()
        trajectory.append([scaler.get_scale(), w.detach().clone(), b.detach().clone()])
    return {"trajectory": trajectory, "state": scaler.state_dict(), "optimizer": optimizer.state_dict()}
