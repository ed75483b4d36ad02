"""Photos through a DataLoader with two workers, PyTorch and torchvision: see photos.mjs."""

import hashlib
import json
import sys
import time

import torch
from torch.utils.data import DataLoader, Subset
from torchvision.datasets import ImageFolder
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import v2

settings = json.loads(sys.argv[1])
augment = v2.Compose(
    [
        v2.RandomResizedCrop(224),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)


def load(path):
    return decode_image(path, mode=ImageReadMode.RGB)


torch.manual_seed(0)
photos = ImageFolder(settings["folder"], transform=augment, loader=load)
dataset = Subset(photos, list(range(len(photos))) * settings["repeats"])
loader = DataLoader(dataset, batch_size=settings["batchSize"], shuffle=True, num_workers=2)
digest = hashlib.sha256()
rates = []
for epoch in range(settings["epochs"]):
    begin = time.perf_counter()
    count = 0
    for images, labels in loader:
        count += labels.numel()
        if epoch == 0:
            digest.update(images.contiguous().numpy().tobytes())
    rates.append(count / (time.perf_counter() - begin))
print(json.dumps({"rates": rates, "digest": digest.hexdigest()[:16]}))
