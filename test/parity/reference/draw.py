import torch
from torch.nn import functional


def run(device):
    generator = torch.Generator(device).manual_seed(7)
    ones = torch.ones(40, 50, device=device)
    drawn = {
        "rand": torch.rand(1000, device=device),
        "randn": torch.randn(33, 77, device=device),
        "double": torch.randn(501, device=device, dtype=torch.float64),
        "half": torch.rand(129, device=device, dtype=torch.float16),
        "randint": torch.randint(-5, 1000, (300,), device=device),
        "randperm": torch.randperm(5000, device=device),
        "bernoulli": ones.mul(0.3).bernoulli(),
        "multinomial": torch.rand(7, 20, device=device).multinomial(5),
        "normal": ones.clone().normal_(2, 3),
        "exponential": ones.clone().exponential_(),
        "geometric": ones.clone().geometric_(0.2),
        "dropout": functional.dropout(ones, p=0.4),
        "alpha": functional.alpha_dropout(ones, p=0.4, training=True),
        "own": torch.rand(100, device=device, generator=generator),
        "ownNormal": ones.clone().normal_(0, 1, generator=generator),
    }
    return {**drawn, "state": generator.get_state()}
