import * as torch from 'libtorch-node';
import { nn, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;
const cfg = [8, 8, 'M', 16, 16, 'M', 24] as const;
const contentLayers = ['conv_4'];
const styleLayers = ['conv_1', 'conv_2', 'conv_3'];

function makeLayers() {
  const layers: nn.Layer[] = [];
  let inChannels = 3;
  for (const v of cfg) {
    if (v === 'M') {
      layers.push(new nn.MaxPool2d(2, { stride: 2 }));
    } else {
      layers.push(new nn.Conv2d(inChannels, v, 3, { padding: 1 }), new nn.ReLU({ inplace: false }));
      inChannels = v;
    }
  }
  return new nn.Sequential(...layers);
}

class Normalization extends nn.Module {
  readonly mean: Tensor;
  readonly std: Tensor;

  constructor(mean: Tensor, std: Tensor) {
    super();
    this.mean = mean.clone().detach().view(-1, 1, 1);
    this.std = std.clone().detach().view(-1, 1, 1);
  }

  override forward(img: Tensor) {
    return img.sub(this.mean).div(this.std);
  }
}

function gramMatrix(input: Tensor) {
  const [a, b, c, d] = input.size() as [number, number, number, number];
  const features = input.view(a * b, c * d);
  return torch.mm(features, features.t()).div(a * b * c * d);
}

function totalVariation(img: Tensor) {
  const [but, first] = [slice(null, -1), slice(1, null)];
  const rows = img.index(torch.ellipsis, first, slice()).sub(img.index(torch.ellipsis, but, slice()));
  const columns = img.index(torch.ellipsis, slice(), first).sub(img.index(torch.ellipsis, slice(), but));
  return rows.abs().mean().add(columns.abs().mean());
}

export function style() {
  const vgg = makeLayers().requiresGrad_(false).eval();
  const mean = torch.tensor([0.485, 0.456, 0.406]);
  const normalization = new Normalization(mean, torch.tensor([0.229, 0.224, 0.225]));
  const model = new nn.Sequential<nn.Layer>(normalization);
  const features: Record<string, Tensor> = {};
  const handles: nn.RemovableHandle[] = [];
  let i = 0;
  for (const layer of vgg) {
    let name = `pool_${i}`;
    if (layer instanceof nn.Conv2d) {
      i += 1;
      const conv = `conv_${i}`;
      name = conv;
      const hook = layer.registerForwardHook((_m, _inputs, output) => {
        features[conv] = output;
      });
      handles.push(hook);
    } else if (layer instanceof nn.ReLU) {
      name = `relu_${i}`;
    }
    model.addModule(name, layer);
  }
  const feature = (name: string) => features[name] as Tensor;

  const [contentImg, styleImg] = [torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)];
  model.forward(contentImg);
  const contentTargets = contentLayers.map((name) => feature(name).detach());
  model.forward(styleImg);
  const styleTargets = styleLayers.map((name) => gramMatrix(feature(name)).detach());

  const inputImg = contentImg
    .clone()
    .contiguous({ memoryFormat: torch.contiguousFormat })
    .requiresGrad_(true);
  const optimizer = new torch.optim.LBFGS([inputImg], { lr: 0.9, maxIter: 5 });
  const log: number[] = [];
  const sum = (scores: Tensor[]) => scores.reduce((total, score) => total.add(score), torch.zeros([]));
  for (let step = 0; step < 3; step += 1) {
    optimizer.step(() => {
      torch.noGrad(() => inputImg.clamp_(0, 1));
      optimizer.zeroGrad();
      model.forward(inputImg);
      const styleScore = sum(
        styleTargets.map((target, n) => F.mseLoss(gramMatrix(feature(styleLayers[n] as string)), target)),
      );
      const contentScore = sum(
        contentTargets.map((target, n) => F.mseLoss(feature(contentLayers[n] as string), target)),
      );
      const loss = styleScore.mul(1e4).add(contentScore).add(totalVariation(inputImg));
      loss.backward();
      log.push(loss.item());
      return loss;
    });
  }
  torch.noGrad(() => inputImg.clamp_(0, 1));
  for (const handle of handles) handle.remove();
  return {
    log,
    image: inputImg,
    frozen: vgg.parameters().map((p) => p.grad),
    printed: String(model),
    optimizer: optimizer.stateDict(),
  };
}
