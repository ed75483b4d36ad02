import torch
from torch.nn.functional import cross_entropy
from xception import Xception


def run(optimizer, options, steps, memory_format, size, batch):
    memory_format = getattr(torch, memory_format)
    model = Xception(num_classes=4).to(memory_format=memory_format)
    optimizer = getattr(torch.optim, optimizer)(model.parameters(), **options)
    losses = []
    for _ in range(steps):
        images = torch.rand(batch, 3, size, size).to(memory_format=memory_format)
        labels = torch.randint(4, (batch,))
        optimizer.zero_grad()
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
