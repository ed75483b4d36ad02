import * as torch from 'libtorch-node';
import { autograd, nn, type Tensor } from 'libtorch-node';

const { spectralNorm } = nn.utils.parametrizations;

const [latentDim, batchSize, nCritic, lambdaGp] = [8, 16, 3, 10];

type SignContext = autograd.FunctionContext<[Tensor]> & { slope: number };

class Sign extends autograd.Function {
  static forward(ctx: SignContext, x: Tensor, slope: number) {
    ctx.saveForBackward(x);
    ctx.slope = slope;
    return x.sign();
  }

  static override backward(ctx: SignContext, gradOutput: Tensor) {
    const [x] = ctx.savedTensors;
    const inside = x.abs().le(1).to(gradOutput.dtype);
    return [gradOutput.mul(inside).mul(ctx.slope), null];
  }
}

class Generator extends nn.Module {
  readonly scale = this.registerBuffer('scale', torch.full([2], 2.0));
  readonly model = new nn.Sequential(
    new nn.Linear(latentDim, 32),
    new nn.BatchNorm1d(32, { eps: 0.8 }),
    new nn.LeakyReLU({ negativeSlope: 0.2, inplace: true }),
    new nn.Linear(32, 2),
    new nn.Tanh(),
  );

  override forward(z: Tensor) {
    return this.model.forward(z).mul(this.scale);
  }
}

class Critic extends nn.Module {
  readonly first = spectralNorm(new nn.Linear(2, 32));
  readonly hidden = new nn.Sequential(
    new nn.Linear(32, 32),
    new nn.SiLU(),
    new nn.Linear(32, 32),
    new nn.Softplus(),
  );
  readonly last = spectralNorm(new nn.Linear(64, 1), { nPowerIterations: 2 });

  override forward(points: Tensor) {
    const features = this.first.forward(points);
    const signs = Sign.apply(features, 0.5);
    const hidden = torch.checkpoint((x: Tensor) => this.hidden.forward(x), features, { useReentrant: false });
    return this.last.forward(torch.cat([signs, hidden], { dim: 1 }));
  }
}

function computeGradientPenalty(critic: Critic, real: Tensor, fake: Tensor) {
  const alpha = torch.rand(real.size(0), 1);
  const interpolates = alpha.mul(real).add(torch.rsub(alpha, 1).mul(fake)).requiresGrad_(true);
  const dInterpolates = critic.forward(interpolates);
  let [gradients] = autograd.grad(dInterpolates, interpolates, {
    gradOutputs: torch.onesLike(dInterpolates),
    createGraph: true,
    retainGraph: true,
  });
  gradients = gradients.view(gradients.size(0), -1);
  return gradients.norm(2, { dim: 1 }).sub(1).pow(2).mean();
}

export function critic() {
  const generator = new Generator();
  const critic = new Critic();
  const optimizerG = new torch.optim.Adam(generator.parameters(), { lr: 2e-3, betas: [0.5, 0.9] });
  const optimizerD = new torch.optim.RMSprop(critic.parameters(), { lr: 1e-3 });
  const losses: number[] = [];

  for (let step = 0; step < 9; step += 1) {
    const angles = torch.rand(batchSize).mul(2).mul(Math.PI);
    const real = torch.stack([angles.cos(), angles.sin()], { dim: -1 });

    optimizerD.zeroGrad();
    const z = torch.randn(batchSize, latentDim);
    const fake = generator.forward(z).detach();
    const penalty = computeGradientPenalty(critic, real, fake);
    const dLoss = torch
      .mean(critic.forward(real))
      .neg()
      .add(torch.mean(critic.forward(fake)))
      .add(penalty.mul(lambdaGp));
    dLoss.backward();
    optimizerD.step();
    losses.push(dLoss.item());

    if (step % nCritic === 0) {
      optimizerG.zeroGrad();
      const gLoss = critic.forward(generator.forward(z)).mean().neg();
      gLoss.backward();
      optimizerG.step();
      losses.push(gLoss.item());
    }
  }

  critic.eval();
  const scores = torch.noGrad(() => critic.forward(generator.forward(torch.zeros(4, latentDim).add(0.1))));
  return {
    losses,
    scores,
    generator: generator.stateDict(),
    critic: critic.stateDict(),
    optimizer_G: optimizerG.stateDict(),
    optimizer_D: optimizerD.stateDict(),
  };
}
