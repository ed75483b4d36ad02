"""Writes what torchvision's transforms make of an image, its masks and its boxes together, under seeds.

    python tools/golden/vision_samples.py     (needs torch and torchvision; run from the repository's root)

test/vision/golden/samples.json has for each transform and each seed one digest for each part of the sample: image,
mask [2, H, W] in uint8, mask [H, W] in int64, boxes in each format, in float32 and int64.
"""

import torch
from torchvision import tv_tensors

from vision import pattern
from vision_cases import SAMPLE_TRANSFORMS
from vision_transforms import build, fingerprint, write_lines

SEEDS = 6
SIZE = (37, 53)
BOXES = [[3.25, 4.5, 20, 17.75], [-4, 10, 30.5, 44], [50, 30, 8, 9], [0, 0, 53, 37], [10, 12, 10, 12], [-9, -8, 2, 1]]


def sample():
    height, width = SIZE
    parts = [
        pattern([3, height, width], torch.uint8, "contiguous"),
        tv_tensors.Mask(pattern([2, height, width], torch.uint8, "contiguous")),
        tv_tensors.Mask(pattern([height, width], torch.int64, "contiguous")),
    ]
    for name in ("XYXY", "XYWH", "CXCYWH"):
        for dtype in (torch.float32, torch.int64):
            parts.append(tv_tensors.BoundingBoxes(torch.tensor(BOXES).to(dtype), format=name, canvas_size=SIZE))
    parts.append(tv_tensors.BoundingBoxes(torch.tensor(BOXES), format="XYXY", canvas_size=SIZE, clamping_mode=None))
    return parts


def described(part):
    if not isinstance(part, tv_tensors.BoundingBoxes):
        return fingerprint(part)
    size = "x".join(str(side) for side in part.canvas_size)
    return f"{fingerprint(part.as_subclass(torch.Tensor))}:{part.format.name}:{size}:{part.clamping_mode}"


def moved(transform, seed):
    torch.manual_seed(seed)
    return " ".join(described(part) for part in transform(*sample()))


def cases():
    for spec in SAMPLE_TRANSFORMS:
        transform = build(spec)
        yield {"transform": spec, "samples": [moved(transform, seed) for seed in range(SEEDS)]}


if __name__ == "__main__":
    torch.set_num_threads(1)
    write_lines("samples.json", {"size": SIZE, "boxes": BOXES}, list(cases()))
