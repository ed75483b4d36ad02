import torch
from torch.nn.functional import linear


def run(offsets):
    weight = torch.randn(4, 2048)
    input = torch.randn(10, 2048)
    products = []
    for offset in offsets:
        moved = torch.empty(input.numel() + 64)[offset : offset + input.numel()].view(input.shape)
        products.append(linear(moved.copy_(input), weight))
    return {"products": products}
