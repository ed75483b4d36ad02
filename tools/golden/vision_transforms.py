"""Writes what torchvision's random transforms and its functional forms make of images, under seeds.

    python tools/golden/vision_transforms.py     (needs torch and torchvision; run from the repository's root)

test/vision/golden/transforms.json has one line for each transform and one digest for each photo, made small by a
resize: of dtype, shape, stride and bytes of the result, and of the next number that the generator gives.
test/vision/golden/functional.json has a digest for each functional form on patterns of many dtypes and layouts, "-"
where torchvision refuses. test/vision/golden/loader.json has the batches of a DataLoader. Names and options are those of JavaScript, so that both sides read the same list.
"""

import hashlib
import json
import re

import torch
import torchvision
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from vision import GOLDEN, PHOTOS, digest, pattern

DTYPES = ("uint8", "int16", "float32", "float64", "float16")


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def options_of(args):
    if not (args and isinstance(args[-1], dict)):
        return list(args), {}
    options = {snake(key): value for key, value in args[-1].items()}
    if "policy" in options:
        options["policy"] = v2.AutoAugmentPolicy(options["policy"])
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


TRANSFORMS = [
    ["RandomHorizontalFlip"],
    ["RandomVerticalFlip", {"p": 0.3}],
    ["RandomCrop", 64],
    ["RandomCrop", [80, 64]],
    ["RandomCrop", 80, {"padding": 4}],
    ["RandomCrop", 80, {"padding": [3, 5], "paddingMode": "reflect"}],
    ["RandomCrop", 80, {"padding": [1, 2, 3, 4], "fill": [9, 99, 199]}],
    ["RandomCrop", [120, 150], {"padIfNeeded": True, "fill": 7}],
    ["RandomCrop", [120, 150], {"padIfNeeded": True, "paddingMode": "symmetric"}],
    ["RandomCrop", [120, 150], {"padIfNeeded": True, "paddingMode": "edge", "padding": 2}],
    ["RandomResizedCrop", 64],
    ["RandomResizedCrop", [48, 64], {"scale": [0.3, 0.9], "ratio": [0.5, 2], "interpolation": "bicubic"}],
    ["RandomResizedCrop", 32, {"scale": [4, 9], "ratio": [2, 3]}],
    ["RandomResizedCrop", 40, {"antialias": False, "interpolation": "nearest"}],
    ["RandomErasing"],
    ["RandomErasing", {"p": 1, "value": "random", "scale": [0.1, 0.4]}],
    ["RandomErasing", {"p": 1, "value": [10, 20, 30], "ratio": [0.5, 1]}],
    ["RandomErasing", {"p": 1, "scale": [1, 1]}],
    ["ColorJitter", {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1}],
    ["ColorJitter", {"brightness": [0.5, 2]}],
    ["ColorJitter", {"contrast": 1.5}],
    ["ColorJitter", {"saturation": [0, 3], "hue": [-0.5, 0.5]}],
    ["ColorJitter"],
    ["Grayscale"],
    ["Grayscale", {"numOutputChannels": 3}],
    ["RandomGrayscale", {"p": 0.5}],
    ["RGB"],
    ["RandomChannelPermutation"],
    ["RandomPhotometricDistort"],
    ["RandomApply", [["ColorJitter", {"hue": 0.2}], ["RandomHorizontalFlip"]], {"p": 0.4}],
    ["RandomChoice", [["RandomHorizontalFlip", {"p": 1}], ["RandomVerticalFlip", {"p": 1}], ["RandomCrop", 60]]],
    ["RandomChoice", [["RandomInvert", {"p": 1}], ["RandomCrop", 60]], {"p": [1, 4]}],
    ["RandomOrder", [["RandomSolarize", 128, {"p": 1}], ["RandomInvert"], ["ColorJitter", {"brightness": 0.5}]]],
    ["RandomRotation", 30],
    ["RandomRotation", [-120, 60], {"interpolation": "bilinear", "expand": True, "fill": 100}],
    ["RandomRotation", 45, {"center": [10, 20], "fill": [1, 2, 3]}],
    ["RandomAffine", 20],
    ["RandomAffine", [-10, 50], {"translate": [0.1, 0.3], "scale": [0.7, 1.4], "shear": 10}],
    ["RandomAffine", 0, {"shear": [-5, 5, 10, 20], "interpolation": "bilinear", "fill": 50, "center": [3, 4]}],
    ["RandomPerspective", {"p": 1}],
    ["RandomPerspective", {"distortionScale": 0.2, "interpolation": "nearest", "fill": [5, 6, 7]}],
    ["ElasticTransform"],
    ["ElasticTransform", {"alpha": [20, 80], "sigma": [3, 1], "interpolation": "nearest"}],
    ["RandomPosterize", 3, {"p": 0.8}],
    ["RandomSolarize", 100],
    ["RandomEqualize", {"p": 1}],
    ["RandomAutocontrast", {"p": 1}],
    ["RandomInvert"],
    ["RandomAdjustSharpness", 2, {"p": 1}],
    ["RandomAdjustSharpness", 0.3],
    ["GaussianBlur", 5],
    ["GaussianBlur", [3, 9], {"sigma": [0.5, 3]}],
    ["GaussianBlur", 7, {"sigma": 1.5}],
    ["GaussianNoise"],
    ["GaussianNoise", {"mean": 0.1, "sigma": 0.3, "clip": False}],
    ["RandAugment"],
    ["RandAugment", {"numOps": 3, "magnitude": 14, "interpolation": "bilinear", "fill": 128}],
    ["AutoAugment"],
    ["AutoAugment", {"policy": "cifar10", "fill": [1, 2, 3]}],
    ["AutoAugment", {"policy": "svhn", "interpolation": "bilinear"}],
    ["TrivialAugmentWide"],
    ["TrivialAugmentWide", {"numMagnitudeBins": 11, "fill": 20}],
    ["AugMix"],
    ["AugMix", {"severity": 8, "mixtureWidth": 2, "chainDepth": 2, "alpha": 0.7, "allOps": False}],
    ["RandomResize", 40, 90],
    ["RandomShortestSize", [50, 60, 70], {"maxSize": 100}],
    ["ScaleJitter", [80, 80]],
    ["RandomZoomOut", {"fill": 30}],
    ["Pad", [1, 2, 3, 4], {"fill": 5}],
    ["Resize", 50],
    ["Resize", [33, 91], {"interpolation": "lanczos"}],
    ["RandomResizedCrop", 40, {"interpolation": "lanczos"}],
    ["CenterCrop", [100, 60]],
    ["Identity"],
    [
        "Compose",
        [
            ["RandomResizedCrop", 64],
            ["RandomHorizontalFlip"],
            ["RandAugment"],
            ["ToDtype", "float32", {"scale": True}],
            ["Normalize", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
            ["RandomErasing", {"p": 0.25}],
        ],
    ],
]

# Transforms whose arithmetic in floating point differs from that of uint8.
FLOAT_TRANSFORMS = [
    ["RandomErasing", {"p": 1, "value": "random"}],
    ["ColorJitter", {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1}],
    ["RandomPhotometricDistort"],
    ["RandomGrayscale", {"p": 0.5}],
    ["RandomAffine", [-10, 50], {"translate": [0.1, 0.3], "scale": [0.7, 1.4], "shear": 10, "fill": 0.5}],
    ["RandomPerspective", {"p": 1}],
    ["ElasticTransform", {"sigma": 1.5}],
    ["RandomSolarize", 0.4],
    ["RandomPosterize", 4],
    ["RandomEqualize", {"p": 1}],
    ["RandomAutocontrast", {"p": 1}],
    ["RandomAdjustSharpness", 2.5, {"p": 1}],
    ["GaussianBlur", 5],
    ["GaussianNoise"],
    ["RandAugment"],
    ["TrivialAugmentWide"],
    ["AugMix"],
    ["RandomResizedCrop", 64],
]

BATCH_TRANSFORMS = [
    ["MixUp", {"numClasses": 7}],
    ["MixUp", {"numClasses": 7, "alpha": 0.2}],
    ["CutMix", {"numClasses": 7}],
    ["CutMix", {"numClasses": 7, "alpha": 0.4}],
]

FUNCTIONAL = [
    ["horizontalFlip"],
    ["verticalFlip"],
    ["crop", 3, 4, 10, 12],
    ["crop", -3, 20, 30, 40],
    ["crop", 25, -6, 20, 11],
    ["resizedCrop", 2, 3, 20, 18, [9, 11]],
    ["resize", [20, 61], {"interpolation": "lanczos"}],
    ["fiveCrop", [10, 12]],
    ["tenCrop", 9, {"verticalFlip": True}],
    ["pad", 3],
    ["pad", [1, 2], {"fill": 1}],
    ["pad", [-2, 3, 4, -1]],
    ["pad", [1, 2, 3, 4], {"paddingMode": "edge"}],
    ["pad", [1, 2, 3, 4], {"paddingMode": "reflect"}],
    ["pad", [1, 2, 3, 4], {"paddingMode": "symmetric"}],
    ["pad", [-1, 2, 3, -4], {"paddingMode": "symmetric"}],
    ["rotate", 90],
    ["rotate", 90, {"expand": True}],
    ["rotate", 180],
    ["rotate", -90, {"expand": True}],
    ["rotate", 33, {"interpolation": "bilinear", "expand": True}],
    ["rotate", 33, {"fill": 1, "center": [4, 5]}],
    ["affine", 10, [3, -4], 0.8, [5, 6]],
    ["affine", -70, [0, 0], 1.3, 8, {"interpolation": "bilinear", "fill": [1]}],
    ["perspective", [[0, 0], [29, 0], [29, 29], [0, 29]], [[2, 3], [25, 1], [28, 27], [1, 20]]],
    ["adjustBrightness", 1.7],
    ["adjustBrightness", 0],
    ["adjustContrast", 0.4],
    ["adjustSaturation", 2.1],
    ["adjustHue", -0.3],
    ["adjustGamma", 0.6],
    ["adjustGamma", 2.0, {"gain": 1.3}],
    ["adjustSharpness", 1.8],
    ["rgbToGrayscale"],
    ["rgbToGrayscale", {"numOutputChannels": 3}],
    ["grayscaleToRgb"],
    ["posterize", 2],
    ["solarize", 0.5],
    ["invert"],
    ["autocontrast"],
    ["equalize"],
    ["gaussianBlur", [3, 5]],
    ["gaussianBlur", 7, {"sigma": [0.7, 1.9]}],
]

# What torchvision refuses, or has no kernel for.
REFUSED = {
    "int16": ("adjustGamma", "equalize"),
    "float16": ("rotate", "affine", "perspective", "equalize", "adjustGamma", "gaussianBlur", "adjustSharpness"),
}


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


LOADER_TRANSFORM = [
    "Compose",
    [
        ["RandomResizedCrop", 48],
        ["RandomHorizontalFlip"],
        ["ColorJitter", {"brightness": 0.4, "hue": 0.1}],
        ["ToDtype", "float32", {"scale": True}],
        ["RandomErasing", {"value": "random"}],
    ],
]


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
    write_lines("functional.json", {"steps": FUNCTIONAL}, list(functional_cases()))
