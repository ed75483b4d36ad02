import torch
from torch.nn.functional import cross_entropy
from xception import Xception


def run(device, optimizer, options, autocast, memory_format, size, batch, steps):
    memory_format = getattr(torch, memory_format)
    model = Xception(num_classes=4).to(device=device, memory_format=memory_format)
    arrived = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    optimizer = getattr(torch.optim, optimizer)(model.parameters(), **options)
    scaler = torch.amp.GradScaler(device, enabled=autocast is not None, init_scale=2.0**40, growth_interval=2)
    dtype = getattr(torch, autocast) if autocast else None
    trajectory = []
    images = [torch.rand(batch, 3, size, size).to(device, memory_format=memory_format) for _ in range(steps + 1)]
    labels = torch.randint(4, (batch,)).to(device)
    for batch_images in images[1:]:
        optimizer.zero_grad()
        with torch.autocast(device, enabled=autocast is not None, dtype=dtype):
            loss = cross_entropy(model(batch_images), labels)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        trajectory.append([loss.item(), scaler.get_scale()])
    gradients = {key: parameter.grad for key, parameter in model.named_parameters()}
    model.eval()
    with torch.no_grad():
        logits = model(images[0])
    return {"arrived": arrived, "trajectory": trajectory, "gradients": gradients, "logits": logits,
            "model": model.state_dict(), "optimizer": optimizer.state_dict()}
