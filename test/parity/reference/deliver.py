import torch
from torch.utils.data import DataLoader, TensorDataset


def run(device, pin_memory):
    dataset = TensorDataset(torch.rand(40, 3, 64, 64), torch.arange(40))
    loader = DataLoader(dataset, batch_size=8, shuffle=True, pin_memory=pin_memory)
    weight = torch.randn(64, 64).to(device)
    pinned, products, labels = [], [], []
    for images, indices in loader:
        pinned.append(images.is_pinned() and indices.is_pinned())
        products.append(images.to(device, non_blocking=True).matmul(weight))
        labels.append(indices.to(device, non_blocking=True))
    back = [product.to("cpu") for product in products]
    return {"pinned": pinned, "products": products, "labels": labels, "back": back,
            "where": [product.device.type for product in products]}
