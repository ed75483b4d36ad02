from collections import OrderedDict

import torch
from torch import nn
from torch.nn import utils
from torch.nn.utils import parametrizations, parametrize


def refusal(call):
    try:
        call()
        return "nothing"
    except Exception as error:
        return str(error.args[0])


def state(module):
    found = module.state_dict()
    copies = {key: tensor.clone() for key, tensor in found.items()}
    return {"text": str(module), "state": copies, "metadata": found._metadata}


def told(module, x):
    steps = []
    for _ in range(2):
        output = module(x)
        module.zero_grad()
        output.pow(2).sum().backward()
        gradients = {key: parameter.grad.clone() for key, parameter in module.named_parameters()}
        steps.append({"output": output.detach(), "gradients": gradients, **state(module)})
    evaluated = module.eval()(x).detach()
    module.train()
    return {"steps": steps, "evaluated": evaluated}


def images():
    return torch.randn(2, 3, 5, 5)


def weight_norm():
    linear = utils.weight_norm(nn.Linear(4, 3))
    whole = utils.weight_norm(nn.Conv2d(3, 4, 3), dim=None)
    second = utils.weight_norm(nn.Conv2d(3, 4, 3), dim=1)
    lstm = utils.weight_norm(nn.LSTM(4, 3), name="weight_hh_l0")
    before = [told(linear, torch.randn(2, 4)), told(whole, images()), told(second, images())]
    recurrent = lstm(torch.randn(2, 1, 4))[0].detach()
    refused = [
        refusal(lambda: utils.weight_norm(linear)),
        refusal(lambda: utils.remove_weight_norm(linear, name="bias")),
        refusal(lambda: utils.weight_norm(nn.LazyLinear(3))),
    ]
    newer = parametrizations.weight_norm(nn.Linear(4, 3))
    newer.load_state_dict(linear.state_dict())
    utils.remove_weight_norm(linear)
    return {
        "before": before,
        "recurrent": recurrent,
        "refused": refused,
        "newer": state(newer),
        "removed": told(linear, torch.randn(2, 4)),
    }


def spectral_norm():
    linear = utils.spectral_norm(nn.Linear(4, 3))
    conv = utils.spectral_norm(nn.Conv2d(3, 4, 3), n_power_iterations=3, dim=1)
    transposed = utils.spectral_norm(nn.ConvTranspose2d(3, 4, 3), eps=1e-3)
    before = [told(linear, torch.randn(2, 4)), told(conv, images()), told(transposed, images())]
    refused = [
        refusal(lambda: utils.spectral_norm(linear)),
        refusal(lambda: utils.remove_spectral_norm(linear, name="bias")),
        refusal(lambda: utils.spectral_norm(nn.Linear(4, 3, bias=False), name="bias")),
        refusal(lambda: utils.spectral_norm(nn.Linear(4, 3), n_power_iterations=0)),
        refusal(lambda: utils.spectral_norm(nn.LazyLinear(3))),
    ]
    current = linear.state_dict()

    def fresh():
        return utils.spectral_norm(nn.Linear(4, 3))

    loaded = fresh()
    loaded.load_state_dict(current)
    older = OrderedDict(current)
    del older["weight_v"]
    older["weight"] = linear.weight.detach()
    solved = fresh()
    solved.load_state_dict(older)
    del older["weight_u"]
    missing = refusal(lambda: fresh().load_state_dict(older))
    utils.remove_spectral_norm(linear)
    removed = told(linear, torch.randn(2, 4))
    return {
        "before": before,
        "refused": refused,
        "loaded": state(loaded),
        "solved": state(solved),
        "missing": missing,
        "removed": removed,
    }


def transferred():
    source = parametrizations.weight_norm(parametrizations.spectral_norm(nn.Linear(4, 3), name="bias"))
    target = nn.Linear(4, 3)
    whole = parametrize.transfer_parametrizations_and_params(source, target)
    one = parametrize.transfer_parametrizations_and_params(source, nn.Linear(4, 3), tensor_name="weight")
    types = [parametrize.type_before_parametrizations(module).__name__ for module in (source, nn.Tanh())]
    return {"whole": state(whole), "one": state(one), "types": types}


def functional():
    first, last = nn.Linear(3, 3), nn.Linear(3, 3)
    last.weight = first.weight
    model = nn.Sequential(first, nn.BatchNorm1d(3), last)
    x = torch.randn(4, 3)
    given = {"0.weight": torch.randn(3, 3, requires_grad=True), "1.running_mean": torch.randn(3)}

    def run(tensors, **options):
        return torch.func.functional_call(model, tensors, x, **options).detach()

    output = torch.func.functional_call(model, given, (x,))
    output.sum().backward()
    grad = given["0.weight"].grad
    untied = run(given, tie_weights=False)
    stateless = utils.stateless.functional_call(model, given, x).detach()
    both = {"0.weight": torch.zeros(3, 3), "2.weight": torch.ones(3, 3)}
    refused = [
        refusal(lambda: run(both)),
        refusal(lambda: run(given, strict=True)),
        refusal(lambda: run({"0.wheels": torch.zeros(1)}, strict=True)),
        refusal(lambda: run({"3.weight": torch.zeros(1)})),
    ]
    return {
        "output": output.detach(),
        "grad": grad,
        "untied": untied,
        "stateless": stateless,
        "given": given,
        "refused": refused,
        "state": state(model),
    }


class Counting(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))
        self.count = 0
        self.inner = nn.Linear(1, 1)

    def get_extra_state(self):
        return {"count": self.count}

    def set_extra_state(self, extra):
        self.count = extra["count"]


def extra_state():
    made = Counting()
    made.count = 7
    outer = nn.Sequential()
    outer.add_module("counting", made)
    found = outer.state_dict()
    fresh = Counting()
    fresh.load_state_dict(made.state_dict())
    lacking = made.state_dict()
    del lacking["_extra_state"]

    def plain():
        module = nn.Module()
        module.weight = nn.Parameter(torch.ones(2))
        module.inner = nn.Linear(1, 1)
        return module

    def names(error):
        return error.replace("for Counting:", "for it:").replace("for Module:", "for it:")

    return {
        "keys": list(found),
        "extra": found["counting._extra_state"],
        "loaded": fresh.count,
        "refused": [
            names(refusal(lambda: Counting().load_state_dict(lacking))),
            names(refusal(lambda: plain().load_state_dict(made.state_dict()))),
        ],
    }


def submodules():
    def tree():
        inner = nn.Module()
        inner.act = nn.Tanh()
        inner.weight = nn.Parameter(torch.ones(1))
        inner.register_buffer("steps", torch.zeros(1))
        return nn.Sequential(nn.Linear(1, 1), inner)

    changed = tree()
    changed.set_submodule("1.act", nn.ReLU())
    changed.set_submodule("1.added", nn.Linear(1, 2))
    changed.set_submodule("0", nn.Sigmoid())
    changed.add_module("named", nn.GELU())
    changed.register_module("last", nn.SiLU())
    act = nn.ReLU()
    calls = [
        lambda: tree().set_submodule("", act),
        lambda: tree().set_submodule("1.missing", act, strict=True),
        lambda: tree().set_submodule("1.weight", act),
        lambda: tree().set_submodule("3.act", act),
        lambda: tree().get_submodule("1.weight"),
        lambda: tree().get_submodule("1.missing.x"),
        lambda: tree().get_submodule("1.forward"),
        lambda: tree().get_parameter("1.act"),
        lambda: tree().get_parameter("1.missing"),
        lambda: tree().get_parameter("1.steps"),
        lambda: tree().get_buffer("1.weight"),
        lambda: tree().get_buffer("1.missing"),
        lambda: tree().add_module("a.b", act),
        lambda: tree().add_module("", act),
    ]
    return {"text": str(changed), "refused": [refusal(call) for call in calls]}


class Placeless(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))


def placed():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ConvTranspose2d(4, 2, 3), nn.Linear(2, 2))
    deep = nn.Sequential(nn.Conv3d(3, 4, 2), nn.ConvTranspose3d(4, 2, 2), nn.Conv2d(2, 2, 3))
    utils.convert_conv2d_weight_memory_format(model, torch.channels_last)
    utils.convert_conv3d_weight_memory_format(deep, torch.channels_last_3d)
    device = torch.get_default_device()
    skipped = utils.skip_init(nn.Conv2d, 3, 4, 3, bias=False, dtype=torch.float64, device=device)
    return {
        "model": [*model.parameters(), *deep.parameters()],
        "output": model[0](images().to(memory_format=torch.channels_last)).detach(),
        "skipped": [
            str(skipped),
            list(skipped.weight.shape),
            str(skipped.weight.dtype)[6:],
            skipped.weight.device.type,
        ],
        "refused": refusal(lambda: utils.skip_init(Placeless)),
    }


def kernels():
    from torch.nn.attention import SDPBackend, sdpa_kernel

    q, k, v = torch.randn(2, 2, 5, 8), torch.randn(2, 2, 7, 8), torch.randn(2, 2, 7, 8)

    def attend():
        return nn.functional.scaled_dot_product_attention(q, k, v)

    def flags():
        return [torch.backends.cuda.math_sdp_enabled(), torch.backends.cuda.flash_sdp_enabled()]

    chosen = []
    choices = (SDPBackend.MATH, SDPBackend.FLASH_ATTENTION, [SDPBackend.FLASH_ATTENTION, SDPBackend.MATH])
    for backends in choices:
        with sdpa_kernel(backends):
            chosen.append([attend(), flags()])
    return {"chosen": chosen, "after": [attend(), flags()]}


def synchronised():
    def block():
        return nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4, eps=1e-3))

    model = nn.Sequential(block(), nn.BatchNorm2d(4, affine=False), nn.ReLU())
    before = model.state_dict()
    converted = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    same = True
    for key, tensor in converted.state_dict().items():
        tensor.add_(1)
        same = same and before[key].equal(tensor)
    alone = nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm1d(3).eval())
    last = converted.pop(-1)
    first = converted.pop(0)
    return {
        "same": same,
        "texts": [str(module) for module in (converted, last, first, alone)],
        "training": alone.training,
    }


def run():
    return {
        "weightNorm": weight_norm(),
        "spectralNorm": spectral_norm(),
        "transferred": transferred(),
        "functional": functional(),
        "extraState": extra_state(),
        "submodules": submodules(),
        "placed": placed(),
        "kernels": kernels(),
        "synchronised": synchronised(),
    }
