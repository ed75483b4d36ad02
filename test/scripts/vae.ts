import * as torch from 'libtorch-node';
import { nn, optim, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;

class VAE extends nn.Module {
  readonly fc1 = new nn.Linear(64, 24);
  readonly fc21 = new nn.Linear(24, 5);
  readonly fc22 = new nn.Linear(24, 5);
  readonly fc3 = new nn.Linear(5, 24);
  readonly fc4 = new nn.Linear(24, 64);

  encode(x: Tensor) {
    const h1 = F.relu(this.fc1.forward(x));
    return [this.fc21.forward(h1), this.fc22.forward(h1)] as const;
  }

  reparameterize(mu: Tensor, logvar: Tensor) {
    const std = torch.exp(logvar.mul(0.5));
    const eps = torch.randnLike(std);
    return mu.add(eps.mul(std));
  }

  decode(z: Tensor) {
    const h3 = F.relu(this.fc3.forward(z));
    return torch.sigmoid(this.fc4.forward(h3));
  }

  override forward(x: Tensor) {
    const [mu, logvar] = this.encode(x.view(-1, 64));
    const z = this.reparameterize(mu, logvar);
    return [this.decode(z), mu, logvar] as const;
  }
}

function lossFunction(reconX: Tensor, x: Tensor, mu: Tensor, logvar: Tensor) {
  const bce = F.binaryCrossEntropy(reconX, x.view(-1, 64), { reduction: 'sum' });
  const kld = torch.sum(logvar.add(1).sub(mu.pow(2)).sub(logvar.exp())).mul(-0.5);
  return bce.add(kld);
}

export function vae() {
  const model = new VAE();
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const data = torch.bernoulli(torch.rand(30, 1, 8, 8));
  const losses = [];
  let trainLoss = 0;
  model.train();
  for (let epoch = 0; epoch < 2; epoch += 1) {
    for (const batch of data.index(torch.randperm(30)).split(10)) {
      optimizer.zeroGrad();
      const [reconBatch, mu, logvar] = model.forward(batch);
      const loss = lossFunction(reconBatch, batch, mu, logvar);
      loss.backward();
      trainLoss += loss.item();
      losses.push(loss.item() / batch.size(0));
      optimizer.step();
    }
  }
  model.eval();
  const [sample, comparison] = torch.noGrad(() => {
    const decoded = model.decode(torch.randn(4, 5)).view(4, 1, 8, 8);
    const some = data.index(slice(0, 4));
    const [recon] = model.forward(some);
    return [decoded, torch.cat([some, recon.view(4, 1, 8, 8)])];
  });
  return {
    losses,
    train_loss: trainLoss,
    sample,
    comparison,
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
