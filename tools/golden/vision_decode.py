"""Writes small image files, and what torchvision.io.decode_image makes of them, to test/vision/golden/images.

    python tools/golden/vision_decode.py       (needs torch, torchvision and Pillow; run from the repository's root)
"""

import io
import json
import pathlib
import struct
import zlib

import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision.io import ImageReadMode, decode_image

from vision import digest

FOLDER = pathlib.Path("test/vision/golden/images")
ORIENTATION = 0x112
GENERATOR = np.random.RandomState(0)


def waves(height, width):
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([(x * 7 + y * 3) % 256, (x * 2 + y * 9) % 256, (255 - x * 5 + y) % 256], -1).astype(np.uint8)


def noise(channels, dtype=np.uint8):
    return GENERATOR.randint(0, np.iinfo(dtype).max + 1, (11, 14, channels)).astype(dtype)


def encoded(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def oriented(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def png_of(pixels, colour_type, depth=16):
    """A PNG that Pillow does not write."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def files():
    photo = Image.fromarray(waves(29, 43))
    yield "baseline.jpg", encoded(photo, "jpeg", quality=80)
    yield "full-chroma.jpg", encoded(photo, "jpeg", quality=95, subsampling=0)
    yield "half-chroma.jpg", encoded(photo, "jpeg", quality=90, subsampling=1)
    yield "progressive.jpg", encoded(photo, "jpeg", quality=85, progressive=True)
    yield "restart.jpg", encoded(photo, "jpeg", quality=85, restart_marker_rows=1)
    yield "rgb.jpg", encoded(photo, "jpeg", quality=85, keep_rgb=True)
    yield "grey.jpg", encoded(photo.convert("L"), "jpeg", quality=85)
    yield "grey-progressive.jpg", encoded(photo.convert("L"), "jpeg", quality=85, progressive=True)
    cmyk = encoded(photo.convert("CMYK"), "jpeg", quality=90)
    yield "cmyk.jpg", cmyk
    adobe = cmyk.index(b"Adobe")
    yield "ycck.jpg", cmyk[: adobe + 11] + b"\x02" + cmyk[adobe + 12 :]
    yield "cmyk-without-adobe.jpg", cmyk[: adobe - 4] + cmyk[adobe + 12 :]
    for orientation in range(1, 9):
        yield f"exif-{orientation}.jpg", encoded(photo, "jpeg", quality=80, exif=oriented(orientation))
    small = Image.fromarray(waves(11, 14))
    yield "rgb.png", encoded(small, "png")
    yield "rgba.png", encoded(Image.fromarray(noise(4)), "png")
    yield "grey.png", encoded(small.convert("L"), "png")
    yield "grey-alpha.png", encoded(Image.fromarray(noise(2), "LA"), "png")
    yield "bits.png", encoded(small.convert("1"), "png")
    yield "palette.png", encoded(small.quantize(40), "png")
    yield "palette-alpha.png", encoded(small.quantize(40), "png", transparency=bytes(range(0, 240, 6)))
    yield "palette-4-bits.png", encoded(small.quantize(16), "png")
    yield "transparent-colour.png", encoded(small, "png", transparency=tuple(waves(11, 14)[3, 4].tolist()))
    yield "transparent-grey.png", encoded(small.convert("L"), "png", transparency=int(waves(11, 14)[3, 4, 0]))
    yield "exif-6.png", encoded(small, "png", exif=oriented(6))
    yield "grey-16.png", png_of(noise(1, np.uint16), 0)
    yield "grey-alpha-16.png", png_of(noise(2, np.uint16), 4)
    yield "rgb-16.png", png_of(noise(3, np.uint16), 2)
    yield "rgba-16.png", png_of(noise(4, np.uint16), 6)
    yield "lossy.webp", encoded(photo, "webp", quality=80)
    yield "lossless.webp", encoded(small, "webp", lossless=True)
    yield "alpha.webp", encoded(Image.fromarray(noise(4)), "webp", lossless=True)
    yield "lossy-alpha.webp", encoded(Image.fromarray(noise(4)), "webp", quality=70)
    yield "grey.webp", encoded(photo.convert("L"), "webp", quality=80)
    yield "palette.gif", encoded(small.quantize(64), "gif")


def decoded(data, mode, turned):
    try:
        image = decode_image(torch.frombuffer(bytearray(data), dtype=torch.uint8), mode, apply_exif_orientation=turned)
    except RuntimeError:
        return None
    return {
        "dtype": str(image.dtype).removeprefix("torch."),
        "shape": list(image.shape),
        "stride": list(image.stride()),
        "sha256": digest(image),
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, data in files():
        (FOLDER / name).write_bytes(data)
        for mode in ImageReadMode:
            for turned in (False, True) if "exif" in name else (False,):
                result = decoded(data, mode, turned)
                cases.append({"file": name, "mode": mode.name.lower(), "turned": turned, "result": result})
    head = json.dumps({"made by": f"torch {torch.__version__}, torchvision {torchvision.__version__}"})[:-1]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / "decoded.json").write_text(f'{head}, "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")


main()
