"""Metric learning: a Dataset of its own, collate_fn, WeightedRandomSampler, triplet and contrastive losses."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, WeightedRandomSampler


class Points(Dataset):
    def __init__(self):
        self.labels = torch.cat([torch.zeros(12), torch.ones(6), torch.full((3,), 2)]).long()
        self.points = torch.randn(21, 4) + self.labels.unsqueeze(1)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return {"point": self.points[index], "label": self.labels[index].item(), "name": f"point-{index}"}


def collate(samples):
    labels = [sample["label"] for sample in samples]
    return torch.stack([sample["point"] for sample in samples]), torch.LongTensor(labels)


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    def forward(self, output1, output2, same):
        distance = F.pairwise_distance(output1, output2)
        return torch.mean(same * distance.pow(2) + (1 - same) * torch.clamp(self.margin - distance, min=0.0).pow(2))


def hardest(embeddings, labels):
    """For each sample the farthest of its class and the nearest of another."""
    with torch.no_grad():
        distances = torch.cdist(embeddings, embeddings)
        same = labels[:, None] == labels[None, :]
        positive = distances.masked_fill(~same, -1).argmax(dim=1)
        negative = distances.masked_fill(same, float("inf")).argmin(dim=1)
        return positive, negative


def run():
    dataset = Points()
    counts = torch.bincount(dataset.labels)
    weights = (1.0 / counts)[dataset.labels]
    sampler = WeightedRandomSampler(weights, num_samples=len(dataset), replacement=True)
    loader = DataLoader(dataset, batch_size=7, sampler=sampler, collate_fn=collate, num_workers=0)

    net = nn.Sequential(nn.Linear(4, 16), nn.PReLU(), nn.Linear(16, 3))
    triplet = nn.TripletMarginLoss(margin=1.0, p=2)
    contrastive = ContrastiveLoss()
    cosine = nn.CosineEmbeddingLoss(margin=0.1)
    optimizer = torch.optim.Adamax(net.parameters(), lr=0.01)
    losses, drawn = [], []
    for _ in range(2):
        for points, labels in loader:
            drawn.append(labels)
            embeddings = F.normalize(net(points), p=2, dim=1)
            positive, negative = hardest(embeddings, labels)
            loss = triplet(embeddings, embeddings[positive], embeddings[negative])
            other = torch.randperm(len(labels))
            same = (labels == labels[other]).float()
            loss = loss + contrastive(embeddings, embeddings[other], same)
            loss = loss + cosine(embeddings, embeddings[other], same * 2 - 1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())

    default = next(iter(DataLoader(dataset, batch_size=3)))
    return {
        "losses": losses,
        "drawn": torch.cat(drawn),
        "default": {"point": default["point"], "label": default["label"], "name": default["name"]},
        "net": net.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
