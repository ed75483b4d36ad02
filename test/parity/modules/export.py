"""Writes PyTorch's own samples of modules, and what Python makes of them, to stdout: one JSON line each.

    python export.py '{"dtype": "float32", "every": 1, "only": null, "errors": false}'

The table is torch.testing's module_db, which the wheel ships.
"""

import json
import os
import random
import sys
import types

# The table imports one name of a package that the wheel does not bring.
sys.modules["expecttest"] = types.ModuleType("expecttest")
sys.modules["expecttest"].TestCase = object
sys.modules["expecttest"].assert_expected_inline = None

import numpy
import torch
from encode_modules import ModuleEncoder, Unexportable, by_name, constructor, positional, signature
from other_modules import other_modules
from outcome_of_module import outcome_of_module
from torch.testing._internal.common_modules import module_db


DEVICE = os.environ.get("LIBTORCH_NODE_TEST_DEVICE", "cpu")


def seed(value):
    torch.manual_seed(value)
    numpy.random.seed(value)
    random.seed(value)


def samples(info, dtype, training, errors):
    if not errors:
        yield from info.module_inputs_func(info, DEVICE, dtype, requires_grad=True, training=training)
    elif info.module_error_inputs_func and training:
        for case in info.module_error_inputs_func(info, DEVICE, dtype, requires_grad=True, training=training):
            yield case.module_error_input


def emit(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def described(cls, sample, dtype, training):
    encoder = ModuleEncoder()
    given = [sample.constructor_input.args, sample.constructor_input.kwargs]
    if sample.forward_input is not None:
        given += [sample.forward_input.args, sample.forward_input.kwargs]
    else:
        given += [(), {}]
    given = [encoder.leaves(part) for part in given]
    try:
        made = by_name(constructor(cls), *given[:2], positional(cls))
    except TypeError as error:
        raise Unexportable(str(error))
    try:
        called = by_name(signature(cls.forward), *given[2:], positional(cls))
    except TypeError:  # where making it must fail, samples have no arguments for forward
        called = given[2:]
    line = {"args": encoder.value([*made, *called]), "tensors": encoder.tensors, "storages": encoder.storages}
    line["outcome"] = outcome_of_module(
        lambda: cls(*given[0], **given[1]),
        lambda module: module(*given[2], **given[3]),
        encoder.differentiable,
        {"device": DEVICE, "dtype": dtype},
        training,
    )
    return line


def export(info, cls, dtype, settings):
    emit({"op": cls.__name__})
    for training in (True, False):
        seed(0)
        for index, sample in enumerate(samples(info, dtype, training, settings["errors"])):
            if index % settings["every"]:
                continue
            state = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
            at = {"sample": f"{index} {'train' if training else 'eval'}", "training": training}
            try:
                line = described(cls, sample, dtype, training)
            except Unexportable as reason:
                line = {"unexportable": str(reason)}
            random.setstate(state[0])
            numpy.random.set_state(state[1])
            torch.set_rng_state(state[2])
            emit({**at, **line})


def main(settings):
    torch.set_num_threads(1)
    if DEVICE != "cpu":
        torch.use_deterministic_algorithms(True)
    # As in libtorch-node.
    torch.backends.nnpack.set_flags(False)
    dtype = getattr(torch, settings["dtype"])
    wanted = settings["only"]
    chosen = [
        (info, info.module_cls)
        for info in (other_modules if settings["others"] else module_db)
        if dtype in info.dtypes and (wanted is None or info.module_cls.__name__ in wanted)
    ]
    emit({"torch": torch.__version__, "ops": len(chosen), "known": len(module_db)})
    for info, cls in chosen:
        try:
            export(info, cls, dtype, settings)
        except Exception as error:  # a generator of samples that cannot run here
            emit({"sample": -1, "unexportable": f"{type(error).__name__}: {error}"})
    emit({"end": True})


main(json.loads(sys.argv[1]))
