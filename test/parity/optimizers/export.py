"""Writes PyTorch's own optimizer samples, and what Python makes of them, to stdout: one JSON line each.

    python export.py '{"dtypes": ["float32"], "only": null, "folder": "samples"}'

The database is torch.testing's optim_db, which the wheel ships. Each case is run ten steps; its state after five is
left in the folder.
"""

import json
import pathlib
import sys
import types
import warnings

sys.path.append(str(pathlib.Path(__file__).parent.parent / "opinfo"))
# The database imports one name of a package that the wheel does not bring.
sys.modules["expecttest"] = types.ModuleType("expecttest")
sys.modules["expecttest"].TestCase = object
sys.modules["expecttest"].assert_expected_inline = None

import torch
from encode import Encoder
from program import STEPS, Run
from torch.testing._internal.common_optimizers import (
    OptimizerErrorEnum,
    _get_optim_inputs_including_global_cliquey_kwargs,
    optim_db,
)


def emit(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def inputs(info):
    """The database's own; foreach too, which it tries on CUDA only but which runs everywhere; and tensors as rates."""
    yield from tensor_rates(info)
    for given in _get_optim_inputs_including_global_cliquey_kwargs("cpu", torch.float32, info):
        yield given.desc, given.kwargs
    if "foreach" in info.supported_impls:
        for given in info.optim_inputs_func("cpu"):
            if not isinstance(given.kwargs.get("lr"), torch.Tensor):
                yield f"{given.desc} & foreach", {**given.kwargs, "foreach": True}


def tensor_rates(info):
    rate = {"lr": torch.tensor([0.01])}
    yield "1-element Tensor lr", rate
    if info.name in ("Adam", "AdamW", "NAdam", "RAdam"):
        decoupled = {} if info.name.startswith("Adam") else {"decoupled_weight_decay": True}
        yield "Tensor lr, weight_decay", {**rate, "weight_decay": 0.1, **decoupled}
    if "foreach" in info.supported_impls and not info.name.startswith("Adam"):
        yield "Tensor lr & foreach", {**rate, "foreach": True}
    if "fused" in info.supported_impls:
        yield "Tensor lr & fused", {"lr": torch.tensor(0.01), "fused": True}
    if info.name in ("Adam", "AdamW"):
        betas = (torch.tensor(0.8), torch.tensor([[0.95]]))
        yield "Tensor betas", {"betas": betas, "weight_decay": 0.1}


def kinds(info, kwargs, dtype):
    plain = not any(kwargs.get(flag) for flag in ("fused", "foreach", "differentiable"))
    if info.step_requires_closure:
        return ["closure"]
    if info.only_supports_sparse_grads:
        return ["sparse"]
    if kwargs.get("differentiable"):
        return ["differentiable"]
    sparse = info.supports_sparse and plain and kwargs.get("weight_decay", 0) == 0 and not dtype.is_complex
    return ["dense", "sparse"] if sparse else ["dense"]


def supported(info, kwargs, dtype):
    return not dtype.is_complex or (info.supports_complex and not kwargs.get("fused"))


def described(kwargs):
    encoder = Encoder()
    return {"args": [], "kwargs": encoder.value(kwargs), "tensors": encoder.tensors, "storages": encoder.storages}


def export(info, settings, count):
    for desc, kwargs in inputs(info):
        for name in settings["dtypes"]:
            dtype = getattr(torch, name)
            if not supported(info, kwargs, dtype):
                continue
            for kind in kinds(info, kwargs, dtype):
                count += 1
                line = {"case": count, "optimizer": info.name, "desc": desc, "dtype": name, "kind": kind}
                line.update(described(kwargs))
                emit({**line, **outcomes(info.optim_cls, kwargs, dtype, line, f"{settings['folder']}/{count}.pt")})
    return count


def outcomes(cls, kwargs, dtype, line, file):
    """After ten steps, and after five of them were another optimizer's, whose state may be cast as it is loaded."""
    new = lambda: Run(cls, kwargs, dtype, line["kind"])
    run = new()
    if line["kind"] == "differentiable":
        once = new()
        once.steps(0, 1)
        run.steps(0, STEPS)
        return {"outcome": [once.outcome(), run.outcome()]}
    run.steps(0, STEPS // 2)
    torch.save({**run.state(), "case": line, "class": cls.__name__}, file)
    run.steps(STEPS // 2, STEPS)
    resumed = new()
    resumed.resume(torch.load(file, weights_only=False))
    resumed.steps(STEPS // 2, STEPS)
    return {"outcome": run.outcome(), "resumed": resumed.outcome()}


def refusals(info):
    for case in info.optim_error_inputs_func("cpu", torch.float32):
        given = case.optimizer_error_input
        yield given.desc, given.params, given.kwargs, case.error_on is OptimizerErrorEnum.STEP_ERROR
    param = torch.nn.Parameter(torch.ones(2, 2))
    param.grad = torch.ones(2, 2)
    if info.has_capturable_arg:
        for foreach in (False, True):
            yield "capturable", [param], {"capturable": True, "foreach": foreach}, True
    if "differentiable" in info.supported_impls and info.name != "SGD":
        yield "foreach and differentiable", [param], {"differentiable": True, "foreach": True}, True
    if "fused" in info.supported_impls:
        yield "fused and foreach", [param], {"fused": True, "foreach": True}, False
        yield "fused and differentiable", [param], {"fused": True, "differentiable": True}, False
        whole = torch.ones(2, dtype=torch.complex64)
        whole.grad = torch.ones(2, dtype=torch.complex64)
        yield "fused and complex", [whole], {"fused": True}, True
    if not info.supports_sparse and not info.only_supports_sparse_grads and info.name != "Muon":
        sparse = torch.nn.Parameter(torch.ones(2))
        sparse.grad = torch.ones(2).to_sparse()
        yield "sparse gradient", [sparse], {}, True


def refuse(info):
    for desc, params, kwargs, at_step in refusals(info):
        shape = (2, 3)
        params = [torch.nn.Parameter(torch.ones(shape))] if params is None else params
        tensors = [item for item in params if isinstance(item, torch.Tensor)] if isinstance(params, list) else []
        encoder = Encoder()
        line = {"refusal": desc, "optimizer": info.name, "atStep": at_step}
        line["args"] = encoder.value([params, [tensor.grad for tensor in tensors]])
        line["kwargs"] = encoder.value(kwargs)
        line["tensors"], line["storages"] = encoder.tensors, encoder.storages
        told = None
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                optimizer = info.optim_cls(params, **kwargs)
                if at_step:
                    optimizer.step()
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
        emit({**line, "error": told})


def main(settings):
    torch.set_num_threads(1)
    chosen = [info for info in optim_db if settings["only"] is None or info.name in settings["only"]]
    emit({"torch": torch.__version__, "optimizers": len(chosen), "known": len(optim_db)})
    count = 0
    for info in chosen:
        count = export(info, settings, count)
        refuse(info)
    emit({"end": True})


main(json.loads(sys.argv[1]))
