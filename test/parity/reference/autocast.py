import torch
from xception import Xception


def run(steps, size, batch, cache_enabled):
    device = torch.get_default_device().type
    model = Xception(num_classes=4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.045, momentum=0.9)
    losses, outputs = [], []
    for _ in range(steps):
        images = torch.rand(batch, 3, size, size)
        labels = torch.randint(4, (batch,))
        optimizer.zero_grad()
        with torch.autocast(device, dtype=torch.bfloat16, cache_enabled=cache_enabled):
            logits = model(images)
            outputs.append(logits.float().detach())
            loss = torch.nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.autocast(device, dtype=torch.bfloat16):
        a, b = torch.rand(2, 2), torch.rand(2, 2)
        with torch.autocast(device, enabled=False):
            inner = a @ b
        dtypes = [str(tensor.dtype)[6:] for tensor in (a @ b, a.softmax(-1), inner, a + b)]
    return {"losses": losses, "outputs": outputs, "dtypes": dtypes, "model": model.state_dict(),
            "optimizer": optimizer.state_dict()}
