import torch
from torch import nn
from torch.nn.utils import prune


def told(module, x):
    output = module(x)
    module.zero_grad()
    output.pow(2).sum().backward()
    state = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    gradients = {key: parameter.grad.clone() for key, parameter in module.named_parameters()}
    return {"output": output.detach(), "state": state, "gradients": gradients}


def conv():
    return nn.Conv2d(3, 6, 3)


def images():
    return torch.randn(2, 3, 5, 5)


def refusals():
    def linear():
        return nn.Linear(4, 3)

    pruned = prune.identity(linear(), "weight")
    calls = [
        lambda: prune.l1_unstructured(linear(), "weight", -1),
        lambda: prune.l1_unstructured(linear(), "weight", 1.5),
        lambda: prune.l1_unstructured(linear(), "weight", "all"),
        lambda: prune.random_unstructured(linear(), "weight", 13),
        lambda: prune.random_structured(linear(), "bias", 1, 0),
        lambda: prune.random_structured(linear(), "weight", 1, 2),
        lambda: prune.ln_structured(linear(), "weight", 4, 2, 0),
        lambda: prune.l1_unstructured(linear(), "weight", 1, importance_scores=torch.ones(2, 2)),
        lambda: prune.custom_from_mask(linear(), "weight", torch.ones(2, 2)),
        lambda: prune.remove(linear(), "weight"),
        lambda: prune.global_unstructured([(linear(), "weight")], prune.CustomFromMask, mask=torch.ones(3)),
        lambda: prune.global_unstructured(3, prune.L1Unstructured, amount=1),
        lambda: prune.L1Unstructured(1).prune(torch.ones(3), importance_scores=torch.ones(2)),
        lambda: prune.remove(pruned, "bias"),
    ]
    texts = []
    for call in calls:
        try:
            call()
            texts.append("nothing")
        except Exception as error:
            texts.append(str(error).replace("<class 'torch.nn.utils.prune.CustomFromMask'>", "CustomFromMask"))
    return texts


def single():
    amounts = [0, 1, 7, 0.25, 1.0]
    x = torch.randn(2, 4)
    random = [told(prune.random_unstructured(nn.Linear(4, 3), "weight", amount), x) for amount in amounts]
    smallest = [told(prune.l1_unstructured(nn.Linear(4, 3), "weight", amount), x) for amount in amounts]
    scores = torch.randn(3, 4)
    scored = told(prune.l1_unstructured(nn.Linear(4, 3), "weight", 5, importance_scores=scores), x)
    channels = [
        told(prune.random_structured(conv(), "weight", amount, dim), images())
        for dim in (0, 1, -1)
        for amount in (0, 1, 0.5)
    ]
    norms = [
        told(prune.ln_structured(conv(), "weight", 2, n, 0), images())
        for n in (1, 2, float("inf"), float("-inf"), 0.5)
    ]
    mask = torch.randint(2, (6, 3, 3, 3))
    given = told(prune.custom_from_mask(conv(), "weight", mask), images())
    method = prune.LnStructured(0.5, 2, dim=0)
    alone = [method.prune(torch.randn(4, 3)), method.prune(torch.randn(2, 3), default_mask=torch.zeros(2, 3))]
    return {
        "random": random,
        "smallest": smallest,
        "scored": scored,
        "channels": channels,
        "norms": norms,
        "given": given,
        "alone": alone,
    }


def several():
    module = conv()
    steps = [
        lambda: prune.random_unstructured(module, "weight", 0.2),
        lambda: prune.ln_structured(module, "weight", 2, 2, 0),
        lambda: prune.l1_unstructured(module, "weight", 11),
        lambda: prune.ln_structured(module, "weight", 1, 1, -1),
        lambda: prune.random_structured(module, "weight", 1, 1),
        lambda: prune.custom_from_mask(module, "weight", torch.randint(2, (6, 3, 3, 3))),
        lambda: prune.identity(module, "bias"),
    ]
    after = []
    for step in steps:
        step()
        after.append(told(module, images()))
    pruned = prune.is_pruned(nn.Sequential(module))
    fresh = prune.identity(prune.identity(conv(), "weight"), "bias")
    fresh.load_state_dict(module.state_dict())
    prune.remove(module, "weight")
    left = [told(module, images()), told(fresh, images())]
    prune.remove(module, "bias")
    return {
        "after": after,
        "pruned": pruned,
        "left": left,
        "done": told(module, images()),
        "isPruned": prune.is_pruned(module),
    }


def together():
    model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
    first, last = model[0], model[2]
    everything = [(first, "weight"), (first, "bias"), (last, "weight")]
    x = torch.randn(5, 4)
    prune.global_unstructured(everything, prune.L1Unstructured, amount=0.3)
    once = told(model, x)
    prune.global_unstructured(everything, prune.RandomUnstructured, amount=9)
    twice = told(model, x)
    scores = {(last, "weight"): torch.randn(3, 6)}
    prune.global_unstructured(everything, prune.L1Unstructured, importance_scores=scores, amount=0.5)
    return {"once": once, "twice": twice, "scored": told(model, x)}


def run():
    return {"single": single(), "several": several(), "together": together(), "refusals": refusals()}
