import torch
from torch import nn
from torch.nn import functional


def run(options, shape, weight=None, soft=False):
    weight = torch.tensor(weight) if weight else None
    criterion = nn.CrossEntropyLoss(weight=weight, **options)
    batch, classes, *rest = shape
    logits = torch.randn(shape).requires_grad_()
    target = torch.randn(shape).softmax(1) if soft else torch.randint(classes, (batch, *rest))
    value = criterion(logits, target)
    value.sum().backward()
    options.pop("label_smoothing", None)
    likelihood = None if soft else functional.nll_loss(functional.log_softmax(logits, 1), target, weight, **options)
    return {"text": str(criterion), "state": criterion.state_dict(), "value": value, "gradient": logits.grad,
            "likelihood": likelihood}
