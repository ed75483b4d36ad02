import torch
from torch.nn.functional import linear


def run(offsets):
    weight = torch.randn(4, 2048)
    input = torch.randn(10, 2048)
    products = []
    for offset in offsets:
        moved = torch.empty(weight.numel() + 64)[offset : offset + weight.numel()].view(4, 2048)
        products.append(linear(input, moved.copy_(weight)))
    return {"products": products}
