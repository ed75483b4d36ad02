import pathlib

import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset
from xception import Xception


def run(pixels, labels, size, epochs, batch_size):
    images = torch.frombuffer(bytearray(pathlib.Path(pixels).read_bytes()), dtype=torch.uint8)
    dataset = TensorDataset(images.view(len(labels), 3, size, size), torch.tensor(labels))
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
    evaluation = DataLoader(dataset, batch_size=25)
    model = Xception(num_classes=4).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * len(loader))

    def normalized(batch):
        return (batch.to(torch.float32) / 127.5 - 1).contiguous(memory_format=torch.channels_last)

    losses = []
    evaluations = []
    for _ in range(epochs):
        model.train()
        for batch, targets in loader:
            optimizer.zero_grad()
            loss = cross_entropy(model(normalized(batch)), targets)
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            for batch, targets in evaluation:
                logits = model(normalized(batch))
                correct = (logits.argmax(1) == targets).sum().item()
                evaluations.append({"loss": cross_entropy(logits, targets).item(), "correct": correct})
    return {"losses": losses, "evaluations": evaluations, "state": model.state_dict(),
            "optimizer": optimizer.state_dict()}
