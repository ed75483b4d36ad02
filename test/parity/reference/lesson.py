import torch
from refuse import refusal
from torch import nn
from xception import PoolEntryBlock, PoolExitBlock, PoolMiddleBlock


class AddsInPlace(PoolEntryBlock):
    def forward(self, x):
        identity = self.project(x)
        x = main_path(self, x)
        x += identity
        return x


class SkipComesLast(PoolEntryBlock):
    def forward(self, x):
        return main_path(self, x) + self.project(x)


def main_path(block, x):
    x = block.relu2(block.bn1(block.sepconv1(block.relu1(x))))
    return block.maxpool(block.bn2(block.sepconv2(x)))


def attempt(make, prepare):
    torch.manual_seed(0)
    block = make()
    prepare(block)
    x = torch.randn(2, 8, 16, 16, requires_grad=True)

    def call():
        output = block(x * 1)
        output.sum().backward()
        return {"output": output, "gradient": x.grad}

    return refusal(call)


def as_is(block):
    pass


def in_place(block):
    if isinstance(block, PoolMiddleBlock):
        block.convs[0] = nn.ReLU(inplace=True)
    else:
        block.relu1 = nn.ReLU(inplace=True)


def without_grad():
    torch.manual_seed(0)
    block = PoolEntryBlock(8, 8)
    in_place(block)
    with torch.no_grad():
        return block(torch.randn(2, 8, 16, 16))


def run():
    x = torch.randn(2, 8, 16, 16, requires_grad=True)
    return {
        "entry": attempt(lambda: PoolEntryBlock(8, 8), as_is),
        "entryInPlace": attempt(lambda: PoolEntryBlock(8, 8), in_place),
        "exitInPlace": attempt(lambda: PoolExitBlock(8, 12), in_place),
        "entryInPlaceAddedInPlace": attempt(lambda: AddsInPlace(8, 8), in_place),
        "skipLast": attempt(lambda: SkipComesLast(8, 8), as_is),
        "skipLastInPlace": attempt(lambda: SkipComesLast(8, 8), in_place),
        "middle": attempt(lambda: PoolMiddleBlock(8), as_is),
        "middleInPlace": attempt(lambda: PoolMiddleBlock(8), in_place),
        "entryInPlaceNoGrad": without_grad(),
        "addedToRelu": refusal(lambda: (x * 2).relu().add_(x).sum().backward()),
        "reluOfLeaf": refusal(lambda: nn.ReLU(inplace=True)(x)),
    }
