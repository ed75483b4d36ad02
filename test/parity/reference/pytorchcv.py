"""Xception with the names of pytorchcv."""

from collections import OrderedDict

import torch.nn as nn


def named(**modules):
    return nn.Sequential(OrderedDict(modules))


def separable(channels, out):
    return named(
        dw_conv=nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),
        pw_conv=nn.Conv2d(channels, out, 1, bias=False),
    )


def plain(channels, out, stride):
    return named(conv=nn.Conv2d(channels, out, 3, stride, bias=False), bn=nn.BatchNorm2d(out), activ=nn.ReLU())


def separated(channels, out, relu=True):
    before = {"activ": nn.ReLU()} if relu else {}
    return named(**before, conv=separable(channels, out), bn=nn.BatchNorm2d(out))


class Unit(nn.Module):
    def __init__(self, widths, pool, first_relu=True):
        super().__init__()
        pairs = enumerate(zip(widths, widths[1:]))
        blocks = {f"block{i + 1}": separated(c, out, i > 0 or first_relu) for i, (c, out) in pairs}
        if pool:
            self.identity_conv = named(
                conv=nn.Conv2d(widths[0], widths[-1], 1, 2, bias=False), bn=nn.BatchNorm2d(widths[-1])
            )
            blocks["pool"] = nn.MaxPool2d(3, 2, 1)
        self.body = named(**blocks)

    def forward(self, x):
        identity = self.identity_conv(x) if hasattr(self, "identity_conv") else x
        return self.body(x) + identity


class Xception(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        middle = {f"unit{number}": Unit([728] * 4, pool=False) for number in range(2, 10)}
        self.features = named(
            init_block=named(conv1=plain(3, 32, 2), conv2=plain(32, 64, 1)),
            stage1=named(unit1=Unit([64, 128, 128], True, first_relu=False)),
            stage2=named(unit1=Unit([128, 256, 256], True)),
            stage3=named(unit1=Unit([256, 728, 728], True), **middle),
            stage4=named(unit1=Unit([728, 728, 1024], True)),
            final_block=named(
                conv1=separated(1024, 1536, relu=False),
                conv2=separated(1536, 2048),
                activ=nn.ReLU(),
                pool=nn.AdaptiveAvgPool2d(1),
            ),
        )
        self.output = nn.Linear(2048, num_classes)

    def forward(self, x):
        return self.output(self.features(x).flatten(1))
