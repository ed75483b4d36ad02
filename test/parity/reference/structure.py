import copy
from collections import OrderedDict

import torch
from torch import nn


def hooks():
    seen = []

    def copied(gradients):
        return [None if gradient is None else gradient.clone() for gradient in gradients]

    model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))
    layer = model[0]

    def first(_, grad_input, grad_output):
        seen.append(["first", copied(grad_input), copied(grad_output)])

    def prepended(_, grad_input, grad_output):
        seen.append(["prepended", copied(grad_input)])

    def before(_, grad_output):
        seen.append(["before", copied(grad_output)])
        return (grad_output[0] * 3,)

    def attend(_, grad_input, grad_output):
        seen.append(["attention", copied(grad_input), copied(grad_output)])

    def doubled(_, grad_input, grad_output):
        return (None if grad_input[0] is None else grad_input[0] * 2,)

    layer.register_full_backward_hook(first)
    layer.register_full_backward_hook(doubled)
    layer.register_full_backward_hook(prepended, prepend=True)
    layer.register_full_backward_pre_hook(before)
    attention = nn.MultiheadAttention(4, 2)
    attention.register_full_backward_hook(attend)
    model[2].register_forward_hook(lambda _, __, output: output * 2)
    model[2].register_forward_hook(lambda _, __, output: output + 1, prepend=True)
    model[1].register_full_backward_hook(lambda *_: (torch.ones(1),)).remove()
    x = torch.randn(3, 4, requires_grad=True)
    output = model(x)
    output.pow(2).sum().backward()
    model(torch.randn(3, 4)).sum().backward()
    q = torch.randn(3, 1, 4, requires_grad=True)
    attention(q, q, q)[0].sum().backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    return {"seen": seen, "output": output.detach(), "gradients": gradients, "x": x.grad, "q": q.grad}


def state_hooks():
    seen = []
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    linear, norm = model

    def post(_, state, prefix, metadata):
        state[f"{prefix}added"] = torch.ones(2)
        metadata["note"] = 7
        seen.append(["post", prefix, list(state)])

    def load(_, state, prefix, *rest):
        del state[f"{prefix}added"]
        seen.append(["load", prefix, list(state)])

    def loaded(_, keys):
        seen.append(["loaded", list(keys.missing_keys), list(keys.unexpected_keys)])
        keys.missing_keys.clear()

    linear.register_state_dict_pre_hook(lambda _, prefix, keep_vars: seen.append(["pre", prefix, keep_vars]))
    linear.register_state_dict_post_hook(post)
    state = model.state_dict()
    linear.register_load_state_dict_pre_hook(load)
    norm.register_load_state_dict_post_hook(loaded)
    del state["1.bias"]
    missing, unexpected = model.load_state_dict(state)
    return {
        "seen": seen,
        "keys": list(state),
        "metadata": state._metadata,
        "missingKeys": missing,
        "unexpectedKeys": unexpected,
    }


def containers():
    values = nn.ParameterList([torch.randn(2, 3), nn.Parameter(torch.randn(4), requires_grad=False)])
    values.append(torch.zeros((), dtype=torch.float64))
    drawn = OrderedDict(zoom=torch.randn(2))
    drawn["a b"] = torch.randn(1, 2)
    named = nn.ParameterDict(dict(drawn))
    named["camelCase"] = torch.ones(3)
    modules = nn.ModuleDict({"zoom": nn.Linear(2, 1), "inner": values})
    modules.update([("inner", named), ("camelCase", nn.ReLU())])
    double = copy.deepcopy(modules).to(torch.float64)
    every = (values, named, modules)
    return {
        "texts": [str(module) for module in every],
        "keys": [list(module.state_dict()) for module in every],
        "parameters": list(double.state_dict().values()),
        "names": list(modules.keys()),
    }


def copies():
    shared = nn.Linear(2, 2)
    model = nn.Sequential(shared, nn.BatchNorm1d(2), shared)
    model(torch.randn(4, 2)).sum().backward()
    other = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    return {
        "shared": other[0] is other[2],
        "apart": other[0] is not model[0],
        "parameters": list(other.parameters()),
        "buffers": list(other.buffers()),
        "gradients": [parameter.grad for parameter in other.parameters()],
        "found": other.get_parameter("1.weight"),
        "buffer": other.get_buffer("1.running_var"),
    }


def run():
    return {"hooks": hooks(), "stateHooks": state_hooks(), "containers": containers(), "copies": copies()}
