import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from xception import Xception


def refusal(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def parameters():
    return [nn.Parameter(torch.zeros(2))]


def twice():
    loss = torch.ones(2, requires_grad=True).square().sum()
    loss.backward()
    loss.backward()


def groups_twice():
    (parameter,) = parameters()
    return optim.SGD([{"params": [parameter]}, {"params": [parameter]}])


def other_groups():
    optim.SGD([{"params": parameters()}, {"params": parameters()}]).load_state_dict(optim.SGD(parameters()).state_dict())


leaf = torch.ones(2)


def computed():
    return torch.ones(2, requires_grad=True) * 2


def set_grad(gradient):
    torch.ones(2, 2).grad = gradient


def inference_requires():
    with torch.inference_mode():
        made = torch.ones(2)
    made.requires_grad_()


calls = {
    "matmul": lambda: torch.zeros(2, 3).matmul(torch.zeros(2, 3)),
    "add": lambda: torch.zeros(2) + torch.zeros(3),
    "view": lambda: torch.zeros(2, 3).view(4),
    "dimension": lambda: torch.zeros(2, 3).sum(dim=2),
    "stack": lambda: torch.stack([torch.zeros(2), torch.zeros(3)]),
    "item": lambda: torch.zeros(2, 3).item(),
    "ragged": lambda: torch.tensor([[1.0, 2.0], [3.0]]),
    "channels": lambda: nn.Conv2d(3, 32, 3)(torch.zeros(1, 1, 64, 64)),
    "bytes": lambda: nn.Conv2d(3, 32, 3)(torch.zeros(1, 3, 64, 64, dtype=torch.uint8)),
    "tooSmall": lambda: nn.Conv2d(3, 32, 3)(torch.zeros(1, 3, 1, 1)),
    "groups": lambda: nn.Conv2d(3, 32, 3, groups=2),
    "strided": lambda: nn.Conv2d(3, 32, 3, padding="same", stride=2),
    "batchNorm3d": lambda: nn.BatchNorm2d(3)(torch.zeros(3, 4, 4)),
    "batchNormOne": lambda: nn.BatchNorm2d(3)(torch.zeros(1, 3, 1, 1)),
    "oneImage": lambda: Xception(num_classes=2)(torch.zeros(1, 3, 32, 32)),
    "dropout": lambda: nn.Dropout(1.5),
    "noForward": lambda: nn.Module()(),
    "gain": lambda: nn.init.calculate_gain("swish"),
    "fan": lambda: nn.init.kaiming_normal_(torch.zeros(3)),
    "fanMode": lambda: nn.init.kaiming_normal_(torch.zeros(3, 3), mode="fan"),
    "target": lambda: nn.functional.cross_entropy(torch.zeros(1, 3), torch.tensor([5])),
    "twice": twice,
    "notScalar": lambda: (torch.ones(2, requires_grad=True) * 2).backward(),
    "noGraph": lambda: torch.ones(()).backward(),
    "gradientSize": lambda: torch.ones(2, requires_grad=True).sum().backward(torch.ones(3)),
    "unused": lambda: torch.autograd.grad(torch.ones(2, requires_grad=True).sum(), torch.ones(2, requires_grad=True)),
    "integers": lambda: torch.tensor([1], requires_grad=True),
    "integerParameter": lambda: nn.Parameter(torch.tensor([1])),
    "leaf": lambda: torch.ones(2, requires_grad=True).add_(1),
    "gradOfOtherSize": lambda: set_grad(torch.ones(3)),
    "gradOfOtherDtype": lambda: set_grad(torch.ones(2, 2, dtype=torch.float64)),
    "gradOnOtherDevice": lambda: set_grad(torch.ones(2, 2, device="meta")),
    "gradIsItself": lambda: setattr(leaf, "grad", leaf),
    "integersRequire": lambda: torch.tensor([1]).requires_grad_(),
    "integersSet": lambda: setattr(torch.tensor([1]), "requires_grad", True),
    "computedOn": lambda: setattr(computed(), "requires_grad", True),
    "computedOff": lambda: setattr(computed(), "requires_grad", False),
    "computedRequire": lambda: computed().requires_grad_(False),
    "inferenceRequires": inference_requires,
    "keys": lambda: nn.Linear(2, 3).load_state_dict({"weights": torch.zeros(3, 2)}),
    "shapes": lambda: nn.Linear(4, 3).load_state_dict(nn.Linear(2, 3).state_dict()),
    "learningRate": lambda: optim.SGD(parameters(), lr=-0.5),
    "nesterov": lambda: optim.SGD(parameters(), nesterov=True),
    "betas": lambda: optim.Adam(parameters(), betas=(0.9, 1)),
    "noParameters": lambda: optim.Adam([]),
    "notLeaf": lambda: optim.Adam([torch.ones(2, requires_grad=True) * 2]),
    "groupsTwice": groups_twice,
    "otherGroups": other_groups,
    "batchSize": lambda: DataLoader(TensorDataset(torch.zeros(3)), batch_size=0),
    "shuffled": lambda: DataLoader(TensorDataset(torch.zeros(3)), shuffle=True, sampler=[0]),
    "nothing": lambda: DataLoader(TensorDataset(torch.zeros(0)), shuffle=True),
}


def run():
    return {name: refusal(call) for name, call in calls.items()}
