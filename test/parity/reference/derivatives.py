import torch
from torch.autograd import functional


def message(call):
    try:
        call()
        return "nothing"
    except Exception as error:
        return str(error)


def detached(value):
    if isinstance(value, torch.Tensor):
        return [value.detach(), value.requires_grad]
    return [detached(item) for item in value]


def run():
    x, y = torch.randn(3), torch.randn(2, 3, requires_grad=True)

    def one(a):
        return a.exp() * a.sum()

    def two(a, b):
        return b @ a, a.sin().sum(), b.pow(2)

    def scalar(a):
        return a.pow(3).sum()

    def mixed(a, b):
        return (b @ a).pow(3).sum()

    def lonely(a, _b):
        return a.pow(2).sum()

    def linear(a):
        return a.sum()

    pair = (x, y)
    graph = {"create_graph": True}
    v = (torch.randn(3), torch.randn(2, 3))
    outputs_like = (torch.randn(2), torch.randn([]), torch.randn(2, 3))

    def without_grad():
        with torch.no_grad():
            return functional.vjp(scalar, x)

    results = [
        lambda: functional.jacobian(one, x),
        lambda: functional.jacobian(one, (x,)),
        lambda: functional.jacobian(two, pair),
        lambda: functional.jacobian(two, pair, **graph),
        lambda: functional.jacobian(lonely, pair),
        lambda: functional.hessian(scalar, x),
        lambda: functional.hessian(mixed, pair),
        lambda: functional.hessian(mixed, pair, **graph),
        lambda: functional.hessian(lonely, pair),
        lambda: functional.vjp(two, pair, outputs_like),
        lambda: functional.vjp(scalar, x, **graph),
        lambda: functional.vjp(lonely, pair, **graph),
        lambda: functional.jvp(two, pair, v),
        lambda: functional.jvp(two, pair, v, **graph),
        lambda: functional.jvp(one, x, v[0]),
        lambda: functional.vhp(mixed, pair, v),
        lambda: functional.vhp(mixed, pair, v, **graph),
        lambda: functional.vhp(scalar, x, v[0]),
        lambda: functional.hvp(mixed, pair, v),
        lambda: functional.hvp(mixed, pair, v, **graph),
        lambda: functional.hvp(scalar, torch.tensor(0.5)),
        without_grad,
    ]
    refused = [
        lambda: functional.jacobian(lonely, pair, strict=True),
        lambda: functional.jacobian(linear, x, strict=True, **graph),
        lambda: functional.jacobian(lambda _: torch.ones(2), x, strict=True),
        lambda: functional.hessian(linear, x, strict=True),
        lambda: functional.hessian(one, x),
        lambda: functional.hessian(lambda a: (a.sum(),), x),
        lambda: functional.vjp(lonely, pair, strict=True),
        lambda: functional.vjp(one, x),
        lambda: functional.vjp(one, x, torch.ones(2)),
        lambda: functional.vjp(two, pair, (torch.ones(2),)),
        lambda: functional.jvp(one, x),
        lambda: functional.jvp(two, pair, (torch.ones(3), torch.ones(3))),
        lambda: functional.jvp(lonely, pair, v, strict=True),
        lambda: functional.vhp(linear, x, v[0], strict=True),
        lambda: functional.vhp(one, x, v[0]),
        lambda: functional.hvp(linear, x, v[0], strict=True),
    ]
    return {"results": [detached(call()) for call in results], "refused": [message(call) for call in refused]}
