import torch

import cadene
import pytorchcv

CLASSES = 5


def prefixed(prefix, state):
    return {prefix + key: value for key, value in state.items()}


def old(state):
    """Before PyTorch 0.4.1, and as the first files of Cadene had it."""

    def flat(key, value):
        return value[:, :, 0, 0] if "pointwise" in key else value[:, 0] if key.endswith(".conv1.weight") else value

    return {key: flat(key, value) for key, value in state.items() if not key.endswith("num_batches_tracked")}


FORMS = {
    "timm": lambda: (cadene.Xception(CLASSES), lambda state: state),
    "cadene": lambda: (cadene.Xception(CLASSES, "last_linear"), lambda state: state),
    "cadene_old": lambda: (cadene.Xception(CLASSES), old),
    "data_parallel": lambda: (
        cadene.Xception(CLASSES),
        lambda state: {"epoch": 3, "state_dict": prefixed("module._orig_mod.", state)},
    ),
    "faceforensics": lambda: (
        cadene.Xception(CLASSES, "last_linear"),
        lambda state: {k.replace("linear.", "linear.1."): v for k, v in prefixed("model.", state).items()},
    ),
    "pytorchcv": lambda: (pytorchcv.Xception(CLASSES), lambda state: state),
}


def run(form, file, size):
    model, save = FORMS[form]()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    torch.save(save(model.state_dict()), file)
    images = torch.rand(2, 3, size, size) * 2 - 1
    torch.save(images, file + ".images")
    with torch.no_grad():
        logits = model.eval()(images)
    # The models draw their first parameters in other orders.
    torch.manual_seed(0)
    return {"logits": logits}
