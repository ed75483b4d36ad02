"""Makes test/weights/golden: Keras' own Xception with patterned weights, in the files that Keras writes, and its logits.

    python -m pip install tensorflow-cpu keras h5py    # made with keras 3.15.1, tensorflow-cpu 2.21.0
    python tools/golden/keras_xception.py

The weights repeat themselves, so that compressed arrays (as h5repack -f GZIP=9 makes them) and gzip around the file leave
little of 84 MB.
"""

import gzip
import os
import pathlib
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np

GOLDEN = pathlib.Path(__file__).parents[2] / "test/weights/golden"
CLASSES = 7
SIZE = 96


# Few values, and the same again after 1021 of them: random enough for a network, regular enough for gzip.
TABLE = np.random.default_rng(0).integers(0, 33, 1021) / 32


def pattern(shape, number, low, high):
    """Values between two bounds that differ from one tensor to the next."""
    steps = np.resize(np.roll(TABLE, 61 * number), int(np.prod(shape)))
    return (low + (high - low) * steps).astype("float32").reshape(shape)


def made_images():
    """[2, SIZE, SIZE, 3]; the test makes the same."""
    steps = np.arange(2 * SIZE * SIZE * 3) % 127 * 59 % 127
    return (steps * (2 / 126) - 1).astype("float32").reshape(2, SIZE, SIZE, 3)


def fill(model):
    number = 0
    for layer in model.layers:
        weights = []
        for variable in layer.weights:
            number += 1
            shape, name = tuple(variable.shape), variable.name
            if name == "gamma":
                weights.append(pattern(shape, number, 0.3, 0.7))
            elif name == "moving_variance":
                weights.append(pattern(shape, number, 0.5, 1.5))
            elif len(shape) == 1:
                weights.append(pattern(shape, number, -0.2, 0.2))
            else:
                # Half of what a ReLU leaves comes back in the pointwise convolution.
                is_depthwise = name == "depthwise_kernel"
                fan_in = np.prod(shape[:2]) if is_depthwise else np.prod(shape[:-1])
                bound = float(np.sqrt((3 if is_depthwise else 6) / fan_in))
                weights.append(pattern(shape, number, -bound, bound))
        if weights:
            layer.set_weights(weights)


def repack(source, target):
    """Copies a file with its arrays compressed."""

    def copy(name, item):
        made = out.require_group(name) if isinstance(item, h5py.Group) else array(name, item)
        for key, value in item.attrs.items():
            made.attrs[key] = value

    def array(name, item):
        options = dict(compression="gzip", compression_opts=9, chunks=item.shape) if item.size > 100 else {}
        return out.create_dataset(name, data=item[()], **options)

    with h5py.File(source) as old, h5py.File(target, "w") as out:
        for key, value in old.attrs.items():
            if key != "model_config":
                out.attrs[key] = value
        old.visititems(copy)


model = keras.applications.Xception(
    weights=None, classes=CLASSES, input_shape=(SIZE, SIZE, 3), classifier_activation=None
)
fill(model)
GOLDEN.mkdir(exist_ok=True)
with tempfile.TemporaryDirectory() as folder:
    for name in ("xception.weights.h5", "xception.h5"):
        path = os.path.join(folder, name)
        model.save_weights(path) if name.endswith(".weights.h5") else model.save(path)
        repack(path, path + ".packed")
        packed = gzip.compress(pathlib.Path(path + ".packed").read_bytes(), mtime=0)
        (GOLDEN / (name + ".gz")).write_bytes(packed)
images = made_images()
np.save(GOLDEN / "logits.npy", model.predict(images, verbose=0))
print(keras.__version__, model.predict(images, verbose=0))
