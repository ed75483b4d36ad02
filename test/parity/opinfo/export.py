"""Writes PyTorch's own operator samples, and what Python makes of them, to stdout: one JSON line each.

    python export.py '{"dtype": "float32", "every": 1, "only": null, "errors": false}'

The database is torch.testing's op_db, which the wheel ships. A line is {"op"}, {"sample"} or {"end"}; reading stops
Python where the reader falls behind, so that no more than a pipe of samples is in memory.
"""

import inspect
import json
import os
import random
import sys
import types

# The database imports one name of a package that the wheel does not bring.
sys.modules["expecttest"] = types.ModuleType("expecttest")
sys.modules["expecttest"].TestCase = object
sys.modules["expecttest"].assert_expected_inline = None

import numpy
import torch
from encode import Encoder, Unexportable
from forms import forms
from outcome import outcome
from torch.testing._internal.common_methods_invocations import op_db

DEVICE = os.environ.get("LIBTORCH_NODE_TEST_DEVICE", "cpu")

modules = {
    "torch": torch,
    "torch.nn.functional": torch.nn.functional,
    "torch.linalg": torch.linalg,
    "torch.fft": torch.fft,
    "torch.special": torch.special,
    "torch.masked": torch.masked,
    "torch.signal.windows": torch.signal.windows,
    "torch.sparse": torch.sparse,
    "torch.Tensor": torch.Tensor,
}


def public_name(function):
    """Where Python's users find it: the first module that has the object, or None for a lambda of the database."""
    if isinstance(function, (torch._ops.OpOverload, torch._ops.OpOverloadPacket)):
        return f"torch.ops.{function}"
    own = getattr(function, "__name__", None)
    for module, namespace in modules.items():
        names = [name for name in (own, *dir(namespace)) if name and getattr(namespace, name, None) is function]
        if names:
            return f"{module}.{min(names, key=lambda name: name.startswith('_'))}"
    return None


def signature(function):
    """Of functions that are written in Python; both branches of a boolean_dispatch take the same arguments."""
    if not inspect.isfunction(function) or function.__name__ == "<lambda>":
        return None
    branch = inspect.getclosurevars(function).nonlocals.get("if_true")
    return signature(branch) if branch else inspect.signature(function)


def by_name(form, args, kwargs):
    """Arguments with a default by name, the others by position: how a Python-level function is called here."""
    bound = form.bind(*args, **kwargs)
    args, kwargs = [], {}
    for name, parameter in form.parameters.items():
        if name not in bound.arguments:
            continue
        value = bound.arguments[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            args += value
        elif parameter.kind is parameter.VAR_KEYWORD:
            kwargs.update(value)
        elif parameter.default is parameter.empty and parameter.kind is not parameter.KEYWORD_ONLY:
            args.append(value)
        else:
            kwargs[name] = value
    return args, kwargs


def shown(function, args, kwargs):
    form = signature(function)
    try:
        return by_name(form, args, kwargs) if form else (args, kwargs)
    except TypeError:
        return args, kwargs


def seed(value):
    torch.manual_seed(value)
    numpy.random.seed(value)
    random.seed(value)


def calls(op, dtype, settings):
    if settings["errors"]:
        for case in op.error_inputs(DEVICE):
            yield case.sample_input
    else:
        yield from op.sample_inputs(DEVICE, dtype, requires_grad=dtype in op.supported_backward_dtypes(DEVICE))


PIECE = 1 << 14


def emit(line):
    """In pieces: of a long write, Python may repeat a part when the process is stopped within it and goes on."""
    text = json.dumps(line) + "\n"
    for at in range(0, len(text), PIECE):
        sys.stdout.write(text[at : at + PIECE])
    sys.stdout.flush()


def export(op, dtype, settings):
    name = public_name(op.op)
    emit({"op": op.full_name, "name": op.name, "public": name})
    seed(0)
    for index, sample in enumerate(calls(op, dtype, settings)):
        if index % settings["every"]:
            continue
        args, kwargs = [sample.input, *sample.args], dict(sample.kwargs)
        line = {"sample": index}
        state = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
        try:
            encoder = Encoder()
            given = encoder.leaves(args), encoder.leaves(kwargs)
            called = shown(op.op, *given) if name else given
            if op.name == "__getitem__" and isinstance(called[0][1], tuple):
                called = [called[0][0], *called[0][1]], called[1]
            line["args"], line["kwargs"] = encoder.value(called[0]), encoder.value(called[1])
            line["tensors"], line["storages"] = encoder.tensors, encoder.storages
            torch.manual_seed(42)
            line["outcome"] = outcome(lambda: op.op(*given[0], **given[1]), encoder.differentiable)
            if "not resizable" in line["outcome"].get("error", ""):
                raise Unexportable("a tensor over memory of NumPy, which cannot be resized")
            if not settings["errors"]:
                line["forms"] = forms(op, given, encoder, shown)
        except Unexportable as reason:
            line = {"sample": index, "unexportable": str(reason)}
        random.setstate(state[0])
        numpy.random.set_state(state[1])
        torch.set_rng_state(state[2])
        emit(line)


def main(settings):
    torch.set_num_threads(1)
    if DEVICE != "cpu":
        torch.use_deterministic_algorithms(True)
    # As in libtorch-node.
    torch.backends.nnpack.set_flags(False)
    dtype = getattr(torch, settings["dtype"])
    wanted = settings["only"]
    chosen = [
        op
        for op in op_db
        if (op.supports_dtype(dtype, DEVICE) or settings["errors"])
        and (wanted is None or op.full_name in wanted or op.name in wanted)
        and (not settings["errors"] or op.error_inputs_func is not None)
    ]
    emit({"torch": torch.__version__, "ops": len(chosen), "known": len(op_db)})
    for op in chosen:
        try:
            export(op, dtype, settings)
        except Exception as error:  # a generator of samples that cannot run here
            emit({"sample": -1, "unexportable": f"{type(error).__name__}: {error}"})
    emit({"end": True})


main(json.loads(sys.argv[1]))
