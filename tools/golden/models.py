"""Writes test/models/golden/torchvision.json: the state that torchvision's constructors make, and logits.

Needs torch and torchvision; one thread. Each digest covers the names, shapes and bytes of one child's state.
"""

import hashlib
import json
import pathlib
import warnings

import torch
import torchvision
from torchvision import models

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.backends.nnpack.set_flags(False)

CONSTRUCTED = [
    *(f"resnet{depth}" for depth in (18, 34, 50, 101, 152)),
    "vgg11", "vgg13_bn", "vgg16", "vgg19_bn",
    "mobilenet_v2",
    *(f"efficientnet_b{i}" for i in range(8)),
    "inception_v3",
]
# Run with these sides; the larger ones of a family are the same code.
RUN = {"resnet18": 48, "resnet50": 48, "vgg13_bn": 33, "mobilenet_v2": 48, "efficientnet_b0": 48,
       "efficientnet_b5": 48, "inception_v3": 299}


def bytes_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes()


def digests(model):
    children = {}
    for name, tensor in model.state_dict().items():
        child = children.setdefault(name.split(".")[0], hashlib.sha256())
        child.update(f"{name} {list(tensor.shape)}\n".encode())
        child.update(bytes_of(tensor))
    return {name: digest.hexdigest()[:16] for name, digest in children.items()}


def logits(model, size):
    def digest(output):
        tensors = output if isinstance(output, tuple) else [output]
        return [hashlib.sha256(bytes_of(tensor)).hexdigest()[:16] for tensor in tensors]

    torch.manual_seed(1)
    images = torch.rand(2, 3, size, size)
    with torch.no_grad():
        return {"size": size, "train": digest(model.train()(images)), "eval": digest(model.eval()(images))}


def golden(name):
    print(name, flush=True)
    torch.manual_seed(0)
    model = getattr(models, name)()
    result = {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "keys": len(model.state_dict()),
        "state": digests(model),
        "generator": hashlib.sha256(bytes_of(torch.get_rng_state())).hexdigest()[:16],
    }
    return {**result, "logits": logits(model, RUN[name])} if name in RUN else result


def main():
    made = {
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "cpuCapability": torch.backends.cpu.get_cpu_capability(),
        "models": {name: golden(name) for name in CONSTRUCTED},
    }
    file = pathlib.Path(__file__).parents[2] / "test" / "models" / "golden" / "torchvision.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(made, indent=1) + "\n")


main()
