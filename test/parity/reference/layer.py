import torch
from torch import nn


def run(layer, input, args=(), options={}, dtype=None, memory_format="contiguous_format"):
    # JSON has no tuples, and layers print what they were given.
    args = [tuple(arg) if isinstance(arg, list) else arg for arg in args]
    made = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    if dtype:
        made["dtype"] = getattr(torch, dtype)
    module = getattr(nn, layer)(*args, **made)
    initial = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    input = torch.randn(input, dtype=made.get("dtype"))
    input = input.to(memory_format=getattr(torch, memory_format)).requires_grad_()
    output = module(input * 2)
    before = output.detach().clone()
    output.backward(torch.randn_like(output))
    gradients = {key: parameter.grad for key, parameter in module.named_parameters()}
    after = module.state_dict()
    with torch.no_grad():
        evaluated = module.eval()(input * 2)
    return {"text": str(module), "initial": initial, "metadata": after._metadata, "output": before,
            "input": input.grad, "gradients": gradients, "after": after, "evaluated": evaluated}
