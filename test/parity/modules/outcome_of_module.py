"""What a module is, draws, computes and keeps, as texts; outcome-of-module.mjs is the same."""

import torch
from outcome import attempt as attempt_it
from outcome import root, tensor_text, tensors_in, text


def attempt(call):
    """Python's assertions are errors like others here."""
    result, error = attempt_it(call)
    return result, error and error.replace("AssertionError: ", "RuntimeError: ", 1)


def state(module):
    uninitialized = torch.nn.parameter.UninitializedTensorMixin

    def shown(tensor):
        return "uninitialized" if isinstance(tensor, uninitialized) else tensor_text(tensor)

    told = {key: shown(tensor) for key, tensor in module.state_dict(keep_vars=True).items()}
    return {
        "state": told,
        "parameters": [f"{name} {parameter.requires_grad}" for name, parameter in module.named_parameters()],
        "buffers": {name: shown(buffer) for name, buffer in module.named_buffers()},
        "generator": tensor_text(torch.get_rng_state()),
    }


def outcome_of_module(make, call, inputs, place, training):
    torch.manual_seed(42)
    module, error = attempt(make)
    if error:
        return {"construction": error}
    told = {"text": str(module), "made": state(module)}
    module.to(**place).train(training)
    torch.manual_seed(43)
    result, error = attempt(lambda: call(module))
    if error:
        return {**told, "error": error}
    told["result"] = text(result)
    roots = [root(tensor) for tensor in tensors_in(result) if tensor.requires_grad]
    leaves = [*module.parameters(), *inputs]
    leaves = [leaf for leaf in leaves if leaf.requires_grad]
    if roots and leaves:
        gradients, error = attempt(lambda: torch.autograd.grad(roots, leaves, allow_unused=True))
        told["gradients"] = {"error": error} if error else text(gradients)
    # Without gradients some layers of attention take another path.
    module.eval()
    with torch.no_grad():
        evaluated, error = attempt(lambda: call(module))
    told["evaluated"] = {"error": error} if error else text(evaluated)
    return {**told, "afterwards": state(module), "textAfterwards": str(module)}
