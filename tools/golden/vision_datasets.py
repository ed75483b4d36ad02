"""Writes small data sets in their real formats, and what torchvision reads from them, to test/vision/golden/datasets.

    python tools/golden/vision_datasets.py     (needs torch, torchvision and Pillow; run from the repository's root)

CIFAR's pickles are those of Python 2, as in the originals: strings without an encoding, NumPy's old module names.
"""

import gzip
import io
import json
import pathlib
import pickle
import struct

import numpy as np
import torchvision
from torchvision.transforms.v2 import functional as F

from vision import digest

FOLDER = pathlib.Path("test/vision/golden/datasets")
GENERATOR = np.random.RandomState(1)


class Python2Pickler(pickle._Pickler):
    """Strings and bytes alike as Python 2's str."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, value):
        data = value.encode("latin1") if isinstance(value, str) else value
        short = len(data) < 256
        head = pickle.SHORT_BINSTRING + bytes([len(data)]) if short else pickle.BINSTRING + struct.pack("<i", len(data))
        self.write(head + data)
        self.memoize(value)

    dispatch[str] = save_string
    dispatch[bytes] = save_string


def python2_pickle(value):
    stream = io.BytesIO()
    Python2Pickler(stream, protocol=2).dump(value)
    data = stream.getvalue().replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    # Flags of a dtype were numbers.
    return data.replace(pickle.NEWFALSE + pickle.NEWTRUE + pickle.TUPLE3, b"K\0K\1" + pickle.TUPLE3)


def idx(values):
    return struct.pack(">I", 0x0800 | values.ndim) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def write_mnist(name, packed, parts=("train", "t10k")):
    raw = FOLDER / name / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for part, count in zip(parts, (5, 3)):
        files = {
            f"{part}-images-idx3-ubyte": GENERATOR.randint(0, 256, (count, 28, 28)).astype(np.uint8),
            f"{part}-labels-idx1-ubyte": GENERATOR.randint(0, 10, count).astype(np.uint8),
        }
        for file, values in files.items():
            (raw / file).write_bytes(idx(values))
            if packed:
                (raw / f"{file}.gz").write_bytes(gzip.compress(idx(values), mtime=0))


def write_cifar(dataset, labels, names):
    folder = FOLDER / dataset.base_folder
    folder.mkdir(parents=True, exist_ok=True)
    for lists in (dataset.train_list, dataset.test_list):
        for entry in lists:
            entry[1] = None
            data = GENERATOR.randint(0, 256, (2, 3072)).astype(np.uint8)
            batch = {"data": data, labels: [int(n) for n in GENERATOR.randint(0, len(names), 2)], "batch_label": "a batch"}
            (folder / entry[0]).write_bytes(python2_pickle(batch))
    dataset.meta["md5"] = None
    meta = {dataset.meta["key"]: names, "num_vis": 3072}
    (folder / dataset.meta["filename"]).write_bytes(python2_pickle(meta))


def read(dataset, train, **options):
    made = dataset(str(FOLDER), train=train, **options)
    samples = []
    for image, target in made:
        tensor = F.pil_to_tensor(image)
        samples.append({"target": target, "shape": list(tensor.shape), "stride": list(tensor.stride()), "sha256": digest(tensor)})
    return {
        "name": dataset.__name__,
        **options,
        "train": train,
        "classes": list(made.classes),
        "targets": [int(target) for target in made.targets],
        "data": list(made.data.shape),
        "samples": samples,
    }


def main():
    datasets = torchvision.datasets
    write_mnist("MNIST", packed=True)
    write_mnist("FashionMNIST", packed=False)
    write_cifar(datasets.CIFAR10, "labels", ["airplane", "automobile", "bird", "cat"])
    write_cifar(datasets.CIFAR100, "fine_labels", [f"kind {i}" for i in range(100)])
    kinds = (datasets.MNIST, datasets.FashionMNIST, datasets.CIFAR10, datasets.CIFAR100)
    cases = [read(kind, train) for kind in kinds for train in (True, False)]
    write_mnist("KMNIST", packed=False)
    cases += [read(datasets.KMNIST, train) for train in (True, False)]
    for split in datasets.EMNIST.splits:
        write_mnist("EMNIST", packed=True, parts=(f"emnist-{split}-train", f"emnist-{split}-test"))
        cases += [read(datasets.EMNIST, train, split=split) for train in (True, False)]
    # The packed files alone stay: torchvision unpacks them when it downloads.
    for name in ("MNIST", "EMNIST"):
        for file in (FOLDER / name / "raw").glob("*ubyte"):
            file.unlink()
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / "read.json").write_text(f'{{"made by": "torchvision {torchvision.__version__}", "cases": [\n{lines}\n]}}\n')


main()
