import torch
from torch import amp
from torch.autograd.function import once_differentiable


def names(*tensors):
    return [str(tensor.dtype)[6:] for tensor in tensors]


def product(cast_inputs):
    device_type = torch.get_default_device().type
    seen = []

    class Product(torch.autograd.Function):
        @staticmethod
        @amp.custom_fwd(device_type=device_type, cast_inputs=cast_inputs)
        def forward(context, a, others):
            (b,) = others
            made = a @ b
            seen.append(["forward", *names(a, b, made)])
            context.save_for_backward(a, b)
            return made

        @staticmethod
        @amp.custom_bwd(device_type=device_type)
        def backward(context, gradient):
            _, b = context.saved_tensors
            made = gradient @ b.t()
            enabled = str(torch.is_autocast_enabled(device_type)).lower()
            seen.append(["backward", *names(gradient, b, made), enabled])
            return made, None

    return seen, Product


def under_autocast():
    device_type = torch.get_default_device().type
    told = []
    for cast_inputs in (None, torch.float32, torch.bfloat16):
        for enabled in (True, False):
            seen, kind = product(cast_inputs)
            a, b = torch.randn(3, 4, requires_grad=True), torch.randn(4, 2)
            with torch.autocast(device_type, enabled=enabled, dtype=torch.bfloat16):
                output = kind.apply(a, [b])
            output.float().sum().backward()
            told.append({"seen": seen, "output": output.detach().float(), "grad": a.grad})
    return told


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x.pow(3)

    @staticmethod
    def setup_context(context, inputs, output):
        context.save_for_backward(inputs[0], output)

    @staticmethod
    @once_differentiable
    def backward(context, gradient):
        x, _ = context.saved_tensors
        return x.pow(2).mul(3).mul(gradient)


def once():
    x = torch.randn(3, requires_grad=True)
    cubed = Cube.apply(x)
    (first,) = torch.autograd.grad(cubed.sum(), [x], retain_graph=True)
    (graphed,) = torch.autograd.grad(cubed.mul(x).sum(), [x], create_graph=True)
    refused = "nothing"
    try:
        graphed.sum().backward()
    except RuntimeError as error:
        refused = str(error)
    return {
        "cubed": cubed.detach(),
        "first": first,
        "graphed": graphed.detach(),
        "requires": graphed.requires_grad,
        "refused": refused,
    }


def run():
    types = [amp.is_autocast_available(kind) for kind in ("cpu", "cuda", "meta", "mps")]
    return {"underAutocast": under_autocast(), "once": once(), "types": types}
