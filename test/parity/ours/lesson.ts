import * as torch from 'libtorch-node';
import { refusal } from './refuse.js';

const { PoolEntryBlock, PoolExitBlock, PoolMiddleBlock } = torch.models;

/** The report's "fix B" the other way round: it adds in place. */
class AddsInPlace extends PoolEntryBlock {
  override forward(x: torch.Tensor): torch.Tensor {
    const identity = this.project.forward(x);
    return mainPath(this, x).add_(identity);
  }
}

class SkipComesLast extends PoolEntryBlock {
  override forward(x: torch.Tensor): torch.Tensor {
    return mainPath(this, x).add(this.project.forward(x));
  }
}

function mainPath(block: torch.models.PoolEntryBlock, input: torch.Tensor): torch.Tensor {
  let x = block.relu1?.forward(input) ?? input;
  x = block.relu2.forward(block.bn1.forward(block.sepconv1.forward(x)));
  return block.maxpool.forward(block.bn2.forward(block.sepconv2.forward(x)));
}

/** Forward and backward of a fresh block; what comes out, or the error. */
function attempt(make: () => torch.nn.Layer, prepare: (block: torch.nn.Layer) => void) {
  torch.manualSeed(0);
  const block = make();
  prepare(block);
  const x = torch.randn([2, 8, 16, 16]).requiresGrad_();
  return refusal(() => {
    const output = block.forward(x.mul(1));
    output.sum().backward();
    return { output, gradient: x.grad };
  });
}

const asIs = () => {};
const inPlace = (block: torch.nn.Layer) => {
  const relu = new torch.nn.ReLU({ inplace: true });
  if (block instanceof PoolMiddleBlock) block.convs.set(0, relu);
  else (block as torch.models.PoolEntryBlock).relu1 = relu;
};

/** What an in-place first ReLU does to a residual block: an error, or worse, none. */
export function lesson() {
  const entry = () => new PoolEntryBlock(8, 8);
  const exit = () => new PoolExitBlock(8, 12);
  const middle = () => new PoolMiddleBlock(8);
  const late = () => new SkipComesLast(8, 8);
  const x = torch.randn([2, 8, 16, 16]).requiresGrad_();
  return {
    entry: attempt(entry, asIs),
    entryInPlace: attempt(entry, inPlace),
    exitInPlace: attempt(exit, inPlace),
    entryInPlaceAddedInPlace: attempt(() => new AddsInPlace(8, 8), inPlace),
    skipLast: attempt(late, asIs),
    skipLastInPlace: attempt(late, inPlace),
    middle: attempt(middle, asIs),
    middleInPlace: attempt(middle, inPlace),
    entryInPlaceNoGrad: torch.noGrad(() => {
      torch.manualSeed(0);
      const block = entry();
      inPlace(block);
      return block.forward(torch.randn([2, 8, 16, 16]));
    }),
    addedToRelu: refusal(() => x.mul(2).relu().add_(x).sum().backward()),
    reluOfLeaf: refusal(() => new torch.nn.ReLU({ inplace: true }).forward(x)),
  };
}
