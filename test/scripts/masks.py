"""Segmentation data: images, masks and boxes that are transformed together, and a net that learns from them."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset
from torchvision import tv_tensors
from torchvision.transforms import v2


class Shapes(Dataset):
    """Bright rectangles on noise."""

    def __init__(self, count, transforms):
        self.transforms = transforms
        self.samples = []
        for _ in range(count):
            image = torch.randint(0, 100, (3, 40, 48), dtype=torch.uint8)
            top, left = torch.randint(4, 16, (2,)).tolist()
            mask = torch.zeros(1, 40, 48, dtype=torch.uint8)
            mask[:, top : top + 16, left : left + 20] = 1
            image[:, mask[0] == 1] += 120
            self.samples.append((image, mask, [left, top, left + 20, top + 16]))

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        image, mask, box = self.samples[index]
        target = {
            "mask": tv_tensors.Mask(mask),
            "boxes": tv_tensors.BoundingBoxes([box], format="XYXY", canvas_size=(40, 48)),
        }
        return self.transforms(tv_tensors.Image(image), target)


def run():
    transforms = v2.Compose(
        [
            v2.RandomHorizontalFlip(p=0.5),
            v2.RandomAffine(degrees=20, scale=(0.8, 1.2), shear=5),
            v2.RandomResizedCrop(32, scale=(0.5, 1.0), antialias=True),
            v2.ColorJitter(brightness=0.3, contrast=0.3, saturation=0.2, hue=0.05),
            v2.GaussianBlur(3),
            v2.ToDtype({tv_tensors.Image: torch.float32, "others": None}, scale=True),
            v2.Normalize((0.4, 0.4, 0.4), (0.25, 0.25, 0.25)),
        ]
    )
    dataset = Shapes(8, transforms)
    loader = DataLoader(dataset, batch_size=4, shuffle=True)
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 1))
    optimizer = torch.optim.Adagrad(net.parameters(), lr=0.05)
    criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]))
    losses, batches = [], []
    for _ in range(2):
        for images, target in loader:
            loss = criterion(net(images), target["mask"].float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            batches.append([images, target["mask"], target["boxes"]])
    return {"losses": losses, "batches": batches, "net": net.state_dict(), "optimizer": optimizer.state_dict()}
