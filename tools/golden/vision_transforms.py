"""Writes what torchvision's random transforms and its functional forms make of images, under seeds.

    python tools/golden/vision_transforms.py     (needs torch and torchvision; run from the repository's root)

test/vision/golden/transforms.json has one line for each transform and one digest for each photo, made small by a
resize: of dtype, shape, stride and bytes of the result, and of the next number that the generator gives.
test/vision/golden/functional.json has a digest for each functional form on patterns of many dtypes and layouts, "-"
where torchvision refuses; jpeg.json those of a round trip through JPEG, loader.json the batches of a DataLoader. Names
and options are those of JavaScript (vision_cases.py), so that both sides read the same list.
"""

import hashlib
import json
import re

import torch
import torchvision
from torch.utils.data import DataLoader
from torchvision import tv_tensors
from torchvision.datasets import ImageFolder
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from vision import GOLDEN, PHOTOS, digest, pattern
from vision_cases import (
    BATCH_TRANSFORMS,
    FLOAT_TRANSFORMS,
    FUNCTIONAL,
    LOADER_TRANSFORM,
    REFUSED,
    TRANSFORMS,
)

QUALITIES = (1, 2, 5, 10, 25, 49, 50, 51, 75, 90, 95, 99, 100)
DTYPES = ("uint8", "int16", "float32", "float64", "float16")


KINDS = {"image": torch.Tensor, "mask": tv_tensors.Mask}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def options_of(args):
    if not (args and isinstance(args[-1], dict)):
        return list(args), {}
    options = {snake(key): value for key, value in args[-1].items()}
    if "policy" in options:
        options["policy"] = v2.AutoAugmentPolicy(options["policy"])
    if isinstance(options.get("fill"), dict):
        options["fill"] = {KINDS[kind]: fill for kind, fill in options["fill"].items()}
    return list(args[:-1]), options


def build(spec):
    """["RandomCrop", 64, {"padding": 4}] is v2.RandomCrop(64, padding=4)."""
    name, *args = spec
    args, options = options_of(args)
    if name in ("Compose", "RandomApply", "RandomChoice", "RandomOrder"):
        args[0] = [build(inner) for inner in args[0]]
    if name in ("ToDtype", "ConvertImageDtype"):
        args[0] = getattr(torch, args[0])
    return getattr(v2, name)(*args, **options)


def functional(image, spec):
    name, *args = spec
    args, options = options_of(args)
    return getattr(F, snake(name))(image, *args, **options)


def fingerprint(*tensors):
    """16 hexadecimal digits for tensors and the state in which the generator was left."""
    made = hashlib.sha256()
    for tensor in tensors:
        dtype = str(tensor.dtype).removeprefix("torch.")
        made.update(f"{dtype} {list(tensor.shape)} {list(tensor.stride())} ".replace(", ", ",").encode())
        made.update(digest(tensor).encode())
    made.update(str(torch.randint(2**31, ()).item()).encode())
    return made.hexdigest()[:16]


def functional_cases():
    for shape in ([3, 37, 53], [1, 33, 40], [2, 3, 30, 45], [2, 1, 3, 29, 31]):
        for dtype in DTYPES:
            for layout in ("contiguous", "channels_last"):
                image = pattern(shape, getattr(torch, dtype), layout)
                digests = []
                for spec in FUNCTIONAL:
                    if spec[0] in REFUSED.get(dtype, ()):
                        digests.append("-")
                        continue
                    torch.manual_seed(0)
                    out = functional(image, spec)
                    digests.append(fingerprint(*(out if isinstance(out, tuple) else (out,))))
                yield {"pattern": {"shape": shape, "dtype": dtype, "layout": layout}, "digests": " ".join(digests)}


def transform_cases(photos):
    for dtype, specs in (("uint8", TRANSFORMS), ("float32", FLOAT_TRANSFORMS)):
        for spec in specs:
            transform = build(spec)
            digests = []
            for seed, photo in enumerate(photos):
                image = photo if dtype == "uint8" else F.to_dtype(photo, torch.float32, scale=True)
                torch.manual_seed(seed)
                digests.append(fingerprint(transform(image)))
            yield {"transform": spec, "input": dtype, "digests": " ".join(digests)}


def batch_cases(photos):
    batch = torch.stack([F.to_dtype(F.center_crop(photo, 64), torch.float32, scale=True) for photo in photos[:6]])
    labels = torch.tensor([0, 1, 2, 3, 4, 6])
    for spec in BATCH_TRANSFORMS:
        transform = build(spec)
        digests = []
        for seed in range(20):
            torch.manual_seed(seed)
            digests.append(fingerprint(*transform(batch, labels)))
        yield {"transform": spec, "input": "batch", "digests": " ".join(digests)}


def read_rgb(path):
    return decode_image(path, mode=ImageReadMode.RGB)


def loader_cases():
    """Three epochs of shuffled batches, drawn in the main process and in two workers."""
    folder = ImageFolder(str(PHOTOS / "val"), transform=build(LOADER_TRANSFORM), loader=read_rgb)
    for workers in (0, 2):
        torch.manual_seed(7)
        loader = DataLoader(folder, batch_size=3, shuffle=True, num_workers=workers)
        digests = [fingerprint(*batch) for _ in range(3) for batch in loader]
        yield {"workers": workers, "digests": " ".join(digests)}


def jpeg_cases():
    """Sizes that fill blocks and that do not, and those too narrow for smooth colours, over the qualities."""
    for shape in ([3, 16, 16], [3, 1, 1], [3, 5, 3], [3, 7, 4], [3, 9, 5], [3, 17, 6], [1, 2, 9], [2, 3, 33, 18]):
        image = pattern(shape, torch.uint8, "contiguous")
        digests = [fingerprint(F.jpeg(image, quality)) for quality in QUALITIES]
        yield {"pattern": {"shape": shape, "dtype": "uint8", "layout": "contiguous"}, "digests": " ".join(digests)}


def write_lines(name, head, cases):
    versions = f"torch {torch.__version__}, torchvision {torchvision.__version__}"
    head = {"made by": f"{versions}, {torch.backends.cpu.get_cpu_capability()}", **head}
    lines = ",\n".join(json.dumps(case) for case in cases)
    (GOLDEN / name).write_text(f'{json.dumps(head)[:-1]}, "cases": [\n{lines}\n]}}\n')
    print(name, len(cases), "cases")


def write_transforms():
    names = sorted(PHOTOS.glob("*/*/*.jpg"))[::2]
    photos = [F.resize(decode_image(str(name), mode=ImageReadMode.RGB), [80]) for name in names]
    cases = [*transform_cases(photos), *batch_cases(photos)]
    write_lines("transforms.json", {"photos": [str(name.relative_to(PHOTOS)) for name in names]}, cases)


if __name__ == "__main__":
    torch.set_num_threads(1)
    write_transforms()
    write_lines("loader.json", {"transform": LOADER_TRANSFORM}, list(loader_cases()))
    torch.manual_seed(0)
    write_lines("jpeg.json", {"qualities": QUALITIES}, list(jpeg_cases()))
    write_lines("functional.json", {"steps": FUNCTIONAL}, list(functional_cases()))
