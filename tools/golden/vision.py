"""Writes what torchvision makes of images: test/vision/golden/*.json holds the sha256 of every result.

    python tools/golden/vision.py            (needs torch and torchvision; run from the repository's root)

Results are those of torchvision.transforms.v2 on tensors. Photos are decoded by torchvision.io.decode_image; their
pixels' sha256 is written too, so that a test can tell another decoder from another resize. Patterns need no decoder.
"""

import hashlib
import json
import pathlib

import torch
import torchvision
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms.v2 import functional as F

PHOTOS = pathlib.Path("examples/photos")
GOLDEN = pathlib.Path("test/vision/golden")

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]

# Refused by torchvision, or beyond the range of float16.
UNSAFE = {
    "float32": ("int32", "int64"),
    "float64": ("int64",),
    "float16": ("int16", "uint16", "int32", "int64"),
}


def pattern(shape, dtype, layout):
    """Numbers that any language can repeat: the upper bits of a multiplicative hash."""
    count = 1
    for size in shape:
        count *= size
    index = torch.arange(count, dtype=torch.int64)
    values = ((index * 2654435761) >> 13) & 255
    image = values.reshape(shape).to(torch.float64)
    image = image / 255 if dtype.is_floating_point else image
    image = image.to(dtype)
    if layout == "channels_last":
        # As torchvision's decoders leave an image: rows of RGB triples, seen as CHW.
        image = image.movedim(-3, -1).contiguous().movedim(-1, -3)
    return image


def apply(image, steps):
    for name, *args in steps:
        if name == "resize":
            size, options = args[0], args[1] if len(args) > 1 else {}
            size = [size] if isinstance(size, int) else size
            image = F.resize(
                image,
                size,
                interpolation=options.get("interpolation", "bilinear"),
                max_size=options.get("maxSize"),
                antialias=options.get("antialias", True),
            )
        elif name == "centerCrop":
            image = F.center_crop(image, args[0])
        elif name == "toDtype":
            image = F.to_dtype(image, getattr(torch, args[0]), scale=args[1])
        elif name == "normalize":
            image = F.normalize(image, args[0], args[1])
        else:
            raise ValueError(name)
    return image


def digest(image):
    contiguous = image.contiguous()
    return hashlib.sha256(contiguous.flatten().view(torch.uint8).numpy().tobytes()).hexdigest()


def result(image, steps):
    out = apply(image, steps)
    return {
        "steps": steps,
        "dtype": str(out.dtype).removeprefix("torch."),
        "shape": list(out.shape),
        "stride": list(out.stride()),
        "sha256": digest(out),
    }


def photo_cases():
    pipelines = [
        [["resize", 96], ["centerCrop", 96]],
        [["resize", 256], ["centerCrop", 224], ["toDtype", "float32", True], ["normalize", MEAN, STD]],
        [["resize", 333], ["centerCrop", 299], ["toDtype", "float32", True], ["normalize", [0.5] * 3, [0.5] * 3]],
        [["resize", [71, 128]]],
        [["resize", 64, {"maxSize": 80}]],
        [["resize", None, {"maxSize": 100}]],
        [["resize", 500]],
        [["resize", 100, {"antialias": False}]],
        [["resize", 100, {"interpolation": "bicubic"}]],
        [["resize", 100, {"interpolation": "bicubic", "antialias": False}]],
        [["resize", 100, {"interpolation": "nearest"}]],
        [["resize", 100, {"interpolation": "nearest-exact"}]],
        [["toDtype", "float32", True], ["resize", 96], ["centerCrop", [95, 64]]],
        [["centerCrop", [201, 400]]],
        [["centerCrop", 331]],
    ]
    photos = sorted(PHOTOS.glob("train/*/*"))[:: len(list(PHOTOS.glob("train/*/*"))) // 12][:12]
    for photo in photos:
        image = decode_image(str(photo), mode=ImageReadMode.RGB)
        yield {
            "photo": str(photo.relative_to(PHOTOS)),
            "decoded": {"shape": list(image.shape), "stride": list(image.stride()), "sha256": digest(image)},
            "results": [result(image, steps) for steps in pipelines],
        }


def pattern_cases():
    resizes = [
        [["resize", 17]],
        [["resize", 90]],
        [["resize", [20, 31]]],
        [["resize", 24, {"antialias": False}]],
        [["resize", 24, {"interpolation": "bicubic"}]],
        [["resize", 24, {"interpolation": "nearest"}]],
        [["resize", 24, {"interpolation": "nearest-exact"}]],
        [["centerCrop", 20]],
        [["centerCrop", [41, 60]]],
    ]
    targets = ("uint8", "int8", "int16", "uint16", "int32", "int64", "float32")
    conversions = [[["toDtype", name, True]] for name in targets]
    for shape in ([3, 37, 53], [3, 54, 36], [1, 33, 40], [2, 3, 30, 45], [1, 3, 29, 31]):
        for dtype in ("uint8", "int16", "float32", "float64", "float16"):
            for layout in ("contiguous", "channels_last"):
                image = pattern(shape, getattr(torch, dtype), layout)
                steps = resizes + [step for step in conversions if step[0][1] not in UNSAFE.get(dtype, ())]
                yield {
                    "pattern": {"shape": shape, "dtype": dtype, "layout": layout},
                    "results": [result(image, pipeline) for pipeline in steps],
                }


def write(name, cases):
    cases = list(cases)
    document = {
        "made by": f"torch {torch.__version__}, torchvision {torchvision.__version__}, "
        f"{torch.backends.cpu.get_cpu_capability()}",
        "cases": cases,
    }
    GOLDEN.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = json.dumps({"made by": document["made by"]})[:-1]
    (GOLDEN / name).write_text(f'{head}, "cases": [\n{lines}\n]}}\n')
    print(name, len(cases), "images,", sum(len(case["results"]) for case in cases), "results")


if __name__ == "__main__":
    write("photos.json", photo_cases())
    write("patterns.json", pattern_cases())
