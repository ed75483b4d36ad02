import io

import torch
from torch import nn, optim


def run(foreach):
    table = nn.Embedding(6, 3, sparse=True)

    def made():
        return optim.SGD(table.parameters(), lr=0.1, momentum=0.9, foreach=foreach)

    def train(optimizer):
        for _ in range(3):
            optimizer.zero_grad()
            table(torch.randint(6, (4,))).pow(2).sum().backward()
            optimizer.step()

    first = made()
    train(first)
    file = io.BytesIO()
    torch.save(first.state_dict(), file)
    file.seek(0)
    second = made()
    second.load_state_dict(torch.load(file))
    train(second)
    buffer = second.state[table.weight]["momentum_buffer"]
    parts = [buffer._indices(), buffer._values()]
    return {"weight": table.weight.detach(), "parts": parts, "isCoalesced": buffer.is_coalesced()}
