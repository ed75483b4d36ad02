"""Writes how torchvision prints its transforms, to test/vision/golden/printed.json.

    python tools/golden/vision_printed.py     (needs torch and torchvision; run from the repository's root)
"""

from vision_cases import BATCH_TRANSFORMS, FLOATS, PRINTED, SAMPLE_TRANSFORMS, TRANSFORMS
from vision_transforms import build, write_lines


def in_floats(value):
    if isinstance(value, list):
        return [in_floats(element) for element in value]
    return float(value) if type(value) is int else value


def prepared(spec):
    """A transform whose options in FLOATS, and the numbers of Normalize, are floats."""
    if not isinstance(spec, list):
        return spec
    if spec and spec[0] == "Normalize":
        return [spec[0], in_floats(spec[1]), in_floats(spec[2]), *spec[3:]]
    return [
        {name: in_floats(value) if name in FLOATS else value for name, value in part.items()}
        if isinstance(part, dict)
        else prepared(part)
        for part in spec
    ]


def cases():
    for spec in [*TRANSFORMS, *SAMPLE_TRANSFORMS, *BATCH_TRANSFORMS, *PRINTED]:
        yield {"transform": spec, "text": repr(build(prepared(spec)))}


if __name__ == "__main__":
    write_lines("printed.json", {}, list(cases()))
