"""Xception as lib/models/xception.ts has it, with the same options, for comparisons with it."""

import torch.nn as nn


class SeparableConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=1, dilation=1, bias=True):
        super().__init__()
        self.dconv = nn.Conv2d(in_channels, in_channels, kernel_size, stride, padding=padding,
                               dilation=dilation, groups=in_channels, bias=bias)
        self.pconv = nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=bias)

    def forward(self, x):
        return self.pconv(self.dconv(x))


class ResidualConnection(nn.Sequential):
    def __init__(self, in_channels, out_channels, stride=1, **batch_norm):
        super().__init__(
            nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
            nn.BatchNorm2d(out_channels, **batch_norm),
        )


class PoolBlock(nn.Module):
    """The report's entry and exit blocks: they differ in the channels between their two convolutions."""

    def __init__(self, in_channels, between, out_channels, relu1=True, **batch_norm):
        super().__init__()
        self.project = ResidualConnection(in_channels, out_channels, stride=2, **batch_norm)
        self.relu1 = nn.ReLU(inplace=False) if relu1 else None
        self.sepconv1 = SeparableConv2d(in_channels, between, kernel_size=3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(between, **batch_norm)
        self.relu2 = nn.ReLU(inplace=True)
        self.sepconv2 = SeparableConv2d(between, out_channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels, **batch_norm)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)

    def forward(self, x):
        identity = self.project(x)
        if self.relu1 is not None:
            x = self.relu1(x)
        x = self.bn1(self.sepconv1(x))
        x = self.relu2(x)
        x = self.bn2(self.sepconv2(x))
        x = self.maxpool(x)
        return x + identity


class PoolEntryBlock(PoolBlock):
    def __init__(self, in_channels, out_channels, relu1=True, **batch_norm):
        super().__init__(in_channels, out_channels, out_channels, relu1, **batch_norm)


class PoolExitBlock(PoolBlock):
    def __init__(self, in_channels=728, out_channels=1024, **batch_norm):
        super().__init__(in_channels, in_channels, out_channels, **batch_norm)


class PoolMiddleBlock(nn.Module):
    def __init__(self, in_channels=728, shared=False, **batch_norm):
        super().__init__()

        def mods():
            return [
                nn.ReLU(inplace=False),
                SeparableConv2d(in_channels, in_channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(in_channels, **batch_norm),
            ]

        # The report writes `mods *= 3`, which repeats the same three objects.
        self.convs = nn.Sequential(*(mods() * 3 if shared else mods() + mods() + mods()))

    def forward(self, x):
        return x + self.convs(x)


class Xception(nn.Module):
    def __init__(self, in_channels=3, num_classes=1000, stem_padding=1, drop_rate=0, init="kaiming",
                 batch_norm=None, shared_middle=False):
        super().__init__()
        bn = batch_norm or {}

        def followed(conv, channels):
            return nn.Sequential(conv, nn.BatchNorm2d(channels, **bn), nn.ReLU(inplace=True))

        self.entry_conv1 = followed(nn.Conv2d(in_channels, 32, 3, stride=2, padding=stem_padding, bias=False), 32)
        self.entry_conv2 = followed(nn.Conv2d(32, 64, 3, padding=stem_padding, bias=False), 64)
        self.entry_block1 = PoolEntryBlock(64, 128, relu1=False, **bn)
        self.entry_block2 = PoolEntryBlock(128, 256, **bn)
        self.entry_block3 = PoolEntryBlock(256, 728, **bn)
        self.middle_flow = nn.ModuleList([PoolMiddleBlock(728, shared_middle, **bn) for _ in range(8)])
        self.exit_block = PoolExitBlock(728, 1024, **bn)
        self.exit_conv1 = followed(SeparableConv2d(1024, 1536, 3, padding=1, bias=False), 1536)
        self.exit_conv2 = followed(SeparableConv2d(1536, 2048, 3, padding=1, bias=False), 2048)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(drop_rate) if drop_rate else None
        self.fc = nn.Linear(2048, num_classes)
        if init == "kaiming":
            self._init_weights()

    def _init_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0, 0.01)
                nn.init.constant_(m.bias, 0)

    def forward(self, x):
        x = self.entry_conv1(x)
        x = self.entry_conv2(x)
        x = self.entry_block1(x)
        x = self.entry_block2(x)
        x = self.entry_block3(x)
        for block in self.middle_flow:
            x = block(x)
        x = self.exit_block(x)
        x = self.exit_conv1(x)
        x = self.exit_conv2(x)
        x = self.avgpool(x)
        x = x.view(x.shape[0], -1)
        if self.dropout is not None:
            x = self.dropout(x)
        return self.fc(x)
