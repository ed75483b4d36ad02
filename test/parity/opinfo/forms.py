"""The other ways to call an entry: as a method, in place, and with tensors for its results."""

import torch
from outcome import outcome


def on_copy(function):
    """A leaf that requires gradients cannot be changed in place."""
    return lambda self, *args, **kwargs: function(self.clone(), *args, **kwargs)


def permuted(tensor):
    """Of the same shape, its dimensions laid out in reverse."""
    return torch.zeros(tensor.shape[::-1], dtype=tensor.dtype).permute(list(reversed(range(tensor.dim()))))


def unsized(tensor):
    return torch.zeros(0, dtype=tensor.dtype)


def into(op, given, results, make):
    out = make(results) if isinstance(results, torch.Tensor) else tuple(make(result) for result in results)
    return op.op(*given[0], **given[1], out=out)


def dense(value):
    return isinstance(value, torch.Tensor) and value.layout is torch.strided


# The database calls it through torch.ops, where each result goes by its own name.
named_out = ("_batch_norm_with_update",)


def writes_beyond(op, args):
    """PyTorch's triu and tril take one stride for all matrices of a result that needs several, and Python crashes."""
    return op.name in ("lu_unpack", "linalg.lu", "tril", "triu") and args[0].dim() > 3


def out_forms(op, given):
    if not op.supports_out or op.name in named_out:
        return
    with torch.no_grad():
        try:
            torch.manual_seed(42)
            results = op.op(*given[0], **given[1])
        except Exception:
            return
        if not dense(results) and not (isinstance(results, tuple) and all(dense(result) for result in results)):
            return
        for name, make in (("out", permuted), ("unsized out", unsized)):
            if writes_beyond(op, given[0]) and name == "out":
                continue
            torch.manual_seed(42)
            yield name, {"outcome": outcome(lambda: into(op, given, results, make), [])}


def forms(op, given, encoder, shown):
    """Each form's call and outcome; `shown(function, args, kwargs)` says which arguments go by name here."""
    told = {}
    args, kwargs = given
    methods = {"method": (op.method_variant, lambda f: f), "in place": (op.inplace_variant, on_copy)}
    for name, (function, wrap) in methods.items():
        if not callable(function) or not isinstance(args[0], torch.Tensor) or op.name.endswith("_"):
            continue
        # The database's own: a lambda around a method that is compared anyway, or a partial of a function of layers.
        if getattr(function, "__name__", "<lambda>") == "<lambda>":
            continue
        called = shown(function, args, kwargs)
        told[name] = {"name": function.__name__, "args": encoder.value(called[0]), "kwargs": encoder.value(called[1])}
        torch.manual_seed(42)
        told[name]["outcome"] = outcome(lambda: wrap(function)(*args, **kwargs), encoder.differentiable)
    told.update(out_forms(op, given))
    return told
