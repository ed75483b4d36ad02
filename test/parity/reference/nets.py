"""Small networks for test/parity/side-by-side.test.ts: one that equals the network there, others that do not quite."""

import torch
from torch import nn


class Scaled(nn.Module):
    """Two convolutions beside the identity; the sum is in the module's own code."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.second(self.first(x).mul(0.5))


class HalfScaled(Scaled):
    def forward(self, x):
        return x + self.second(self.first(x).mul(0.5000001))


def equal(block=Scaled, padding_mode="zeros"):
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, padding_mode=padding_mode),
        nn.BatchNorm2d(16),
        nn.ReLU(inplace=True),
        block(16),
        nn.AdaptiveAvgPool2d(4),
        nn.Flatten(),
        nn.Dropout(0.1),
        nn.Linear(256, 10),
    )


def other_padding():
    return equal(padding_mode="reflect")


def other_code():
    return equal(HalfScaled)


def two_threads():
    torch.set_num_threads(2)
    return equal()


def two_threads_and_deterministic():
    torch.use_deterministic_algorithms(True)
    return two_threads()


def channels_last():
    return equal().to(memory_format=torch.channels_last)


def matmul_precision():
    torch.set_float32_matmul_precision("medium")
    return equal()


def drawn():
    torch.rand(1)
    return equal()


def other_values():
    model = equal()
    with torch.no_grad():
        model[7].bias[3] += 1
    return model


def gradient():
    model = equal()
    model[3].second.weight.register_hook(lambda gradient: gradient * 1.0000002)
    return model


def no_bias():
    model = equal()
    model[7].bias = None
    return model


def more_layers():
    return equal().append(nn.Identity())


def unaligned():
    model = nn.Linear(2048, 4)
    memory = torch.empty(2048 * 4 + 1)[1:]
    model.weight.data = memory.view(4, 2048).copy_(model.weight.data)
    return model


def broken():
    raise ValueError("no such width")


def without_logits():
    return nn.Flatten(0)
