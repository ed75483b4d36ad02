import copy

import torch
from torch import nn
from torch.nn import utils
from torch.nn.utils import clip_grad, fusion, parametrizations as p, parametrize, rnn


def state(module):
    return {"text": str(module), "state": {key: tensor.clone() for key, tensor in module.state_dict().items()}}


def stepped(module, x):
    output = module(x)
    module.zero_grad()
    output.pow(2).sum().backward()
    gradients = {key: parameter.grad.clone() for key, parameter in module.named_parameters()}
    return {"output": output.detach(), "gradients": gradients, **state(module)}


def parametrized():
    weighted = p.weight_norm(nn.Linear(4, 3))
    whole = p.weight_norm(nn.Conv1d(2, 3, 2), dim=None)
    x = torch.randn(5, 4)
    images = torch.randn(2, 3, 5, 5)
    spectral = p.spectral_norm(nn.Conv2d(3, 4, 3), n_power_iterations=2)
    transposed = p.spectral_norm(nn.ConvTranspose2d(3, 4, 3))
    recurrent = p.weight_norm(nn.LSTM(4, 3), name="weight_hh_l0")
    told = {
        "weighted": stepped(weighted, x),
        "whole": stepped(whole, torch.randn(2, 2, 4)),
        "first": stepped(spectral, images),
        "second": stepped(spectral, images),
        "evaluated": spectral.eval()(images).detach(),
        "transposed": stepped(transposed, images),
        "recurrent": recurrent(torch.randn(2, 1, 4))[0].detach(),
        "recurrentState": state(recurrent),
    }
    with parametrize.cached():
        told["cached"] = weighted.weight is weighted.weight
    with torch.no_grad():
        weighted.weight = torch.ones(3, 4)
    other = copy.deepcopy(weighted)
    parametrize.remove_parametrizations(weighted, "weight")
    parametrize.remove_parametrizations(spectral, "weight", leave_parametrized=False)
    old = {"bias": torch.zeros(3), "weight_g": torch.ones(3, 1), "weight_v": torch.full((3, 4), 2.0)}
    other.load_state_dict(old)
    return {**told, "removed": state(weighted), "left": state(spectral), "loaded": state(other)}


def clipping():
    def made():
        layer = nn.Linear(6, 5)
        layer(torch.randn(3, 6)).pow(3).sum().backward()
        return layer

    def grads(layer):
        return [parameter.grad for parameter in layer.parameters()]

    clipped = []
    for options in ({}, {"norm_type": 1}, {"norm_type": float("inf")}, {"foreach": False}, {"norm_type": 3.5}):
        layer = made()
        norm = utils.clip_grad_norm_(layer.parameters(), 0.7, **options)
        clipped.append([norm, grads(layer)])
    valued = []
    for options in ({}, {"foreach": False}):
        layer = made()
        utils.clip_grad_value_(layer.parameters(), 0.25, **options)
        valued.append(grads(layer))
    vector = utils.parameters_to_vector(made().parameters()).detach()
    filled = made()
    utils.vector_to_parameters(vector, filled.parameters())
    return {
        "clipped": clipped,
        "valued": valued,
        "vector": vector,
        "filled": list(filled.parameters()),
        "total": clip_grad._get_total_norm(grads(made())),
    }


def fusing():
    def norm(made, *shape):
        made.train()(torch.randn(*shape))
        return made.eval()

    conv = nn.Conv2d(3, 4, 3, bias=False).eval()
    transposed = nn.ConvTranspose2d(3, 4, 3).eval()
    linear = nn.Linear(5, 4).eval()
    parts = [
        fusion.fuse_conv_bn_eval(conv, norm(nn.BatchNorm2d(4), 2, 4, 3, 3)),
        fusion.fuse_conv_bn_eval(transposed, norm(nn.BatchNorm2d(4), 2, 4, 3, 3), transpose=True),
        fusion.fuse_linear_bn_eval(linear, norm(nn.BatchNorm1d(4), 6, 4)),
    ]
    return {
        "fused": [state(part) for part in parts],
        "flags": [[parameter.requires_grad for parameter in part.parameters()] for part in parts],
    }


def sequences():
    items = [torch.randn(length, 4) for length in (3, 5, 2)]
    packed = rnn.pack_sequence(items, enforce_sorted=False)
    padded = rnn.pad_sequence(items, batch_first=True, padding_value=-1)
    return {
        "packed": list(packed),
        "double": list(packed.to(torch.float64)),
        "repadded": list(rnn.pad_packed_sequence(packed, padding_value=0.5, total_length=7)),
        "left": rnn.pad_sequence(items, padding_side="left"),
        "unpadded": rnn.unpad_sequence(padded, torch.tensor([3, 5, 2]), batch_first=True),
        "unpacked": rnn.unpack_sequence(packed),
    }


def run():
    return {
        "parametrizations": parametrized(),
        "clipping": clipping(),
        "fusing": fusing(),
        "sequences": sequences(),
    }
