"""Xception with the names of tstandley, Cadene and timm: as in figure 5, no padding in the stem, the skip after the rest."""

import torch.nn as nn


class SeparableConv2d(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.pointwise = nn.Conv2d(channels, out, 1, bias=False)

    def forward(self, x):
        return self.pointwise(self.conv1(x))


class Block(nn.Module):
    def __init__(self, widths, stride=1, first_relu=True):
        super().__init__()
        layers = []
        for i, (channels, out) in enumerate(zip(widths, widths[1:])):
            if i > 0 or first_relu:
                layers.append(nn.ReLU(inplace=i > 0))
            layers += [SeparableConv2d(channels, out), nn.BatchNorm2d(out)]
        if stride != 1:
            layers.append(nn.MaxPool2d(3, stride, 1))
            self.skip = nn.Conv2d(widths[0], widths[-1], 1, stride=stride, bias=False)
            self.skipbn = nn.BatchNorm2d(widths[-1])
        self.rep = nn.Sequential(*layers)

    def forward(self, x):
        y = self.rep(x)
        y += self.skipbn(self.skip(x)) if hasattr(self, "skip") else x
        return y


class Xception(nn.Module):
    def __init__(self, num_classes, head="fc"):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 32, 3, 2, bias=False), nn.BatchNorm2d(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 64, 3, bias=False), nn.BatchNorm2d(64)
        self.block1 = Block([64, 128, 128], 2, first_relu=False)
        self.block2 = Block([128, 256, 256], 2)
        self.block3 = Block([256, 728, 728], 2)
        for number in range(4, 12):
            setattr(self, f"block{number}", Block([728] * 4))
        self.block12 = Block([728, 728, 1024], 2)
        self.conv3, self.bn3 = SeparableConv2d(1024, 1536), nn.BatchNorm2d(1536)
        self.conv4, self.bn4 = SeparableConv2d(1536, 2048), nn.BatchNorm2d(2048)
        self.head = head
        setattr(self, head, nn.Linear(2048, num_classes))

    def forward(self, x):
        for number in (1, 2):
            x = self.step(number, x)
        for number in range(1, 13):
            x = getattr(self, f"block{number}")(x)
        for number in (3, 4):
            x = self.step(number, x)
        x = nn.functional.adaptive_avg_pool2d(x, 1)
        return getattr(self, self.head)(x.flatten(1))

    def step(self, number, x):
        x = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(x))
        return nn.functional.relu(x, inplace=True)
