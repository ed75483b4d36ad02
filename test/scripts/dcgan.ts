import * as torch from 'libtorch-node';
import { nn, optim, type Tensor } from 'libtorch-node';

const [nz, ngf, ndf, nc] = [6, 8, 8, 3];

function weightsInit(m: nn.Module) {
  if (m instanceof nn.Conv2d || m instanceof nn.ConvTranspose2d) {
    nn.init.normal_(m.weight, 0, 0.02);
  } else if (m instanceof nn.BatchNorm2d) {
    if (m.weight) nn.init.normal_(m.weight, 1, 0.02);
    if (m.bias) nn.init.constant_(m.bias, 0);
  }
}

class Generator extends nn.Module {
  readonly main = new nn.Sequential(
    new nn.ConvTranspose2d(nz, ngf * 2, 4, { bias: false }),
    new nn.BatchNorm2d(ngf * 2),
    new nn.ReLU({ inplace: true }),
    new nn.ConvTranspose2d(ngf * 2, ngf, 4, { stride: 2, padding: 1, bias: false }),
    new nn.BatchNorm2d(ngf),
    new nn.ReLU({ inplace: true }),
    new nn.ConvTranspose2d(ngf, nc, 4, { stride: 2, padding: 1, bias: false }),
    new nn.Tanh(),
  );

  override forward(input: Tensor) {
    return this.main.forward(input);
  }
}

class Discriminator extends nn.Module {
  readonly main = new nn.Sequential(
    new nn.Conv2d(nc, ndf, 4, { stride: 2, padding: 1, bias: false }),
    new nn.LeakyReLU({ negativeSlope: 0.2, inplace: true }),
    new nn.Conv2d(ndf, ndf * 2, 4, { stride: 2, padding: 1, bias: false }),
    new nn.BatchNorm2d(ndf * 2),
    new nn.LeakyReLU({ negativeSlope: 0.2, inplace: true }),
    new nn.Conv2d(ndf * 2, 1, 4, { bias: false }),
    new nn.Sigmoid(),
  );

  override forward(input: Tensor) {
    return this.main.forward(input).view(-1, 1).squeeze(1);
  }
}

export function dcgan() {
  const netG = new Generator();
  const netD = new Discriminator();
  netG.apply(weightsInit);
  netD.apply(weightsInit);
  const criterion = new nn.BCELoss();
  const fixedNoise = torch.randn(4, nz, 1, 1);
  const [realLabel, fakeLabel] = [1, 0];
  const optimizerD = new optim.Adam(netD.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
  const optimizerG = new optim.Adam(netG.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });

  const log = [];
  for (let step = 0; step < 3; step += 1) {
    const real = torch.rand(8, nc, 16, 16).mul(2).sub(1);
    netD.zeroGrad();
    const bSize = real.size(0);
    const label = torch.full([bSize], realLabel, { dtype: torch.float32 });
    let output = netD.forward(real);
    const errDReal = criterion.forward(output, label);
    errDReal.backward();
    const dX = output.mean().item();

    const noise = torch.randn(bSize, nz, 1, 1);
    const fake = netG.forward(noise);
    label.fill_(fakeLabel);
    output = netD.forward(fake.detach());
    const errDFake = criterion.forward(output, label);
    errDFake.backward();
    const errD = errDReal.add(errDFake);
    optimizerD.step();

    netG.zeroGrad();
    label.fill_(realLabel);
    output = netD.forward(fake);
    const errG = criterion.forward(output, label);
    errG.backward();
    optimizerG.step();
    log.push([errD.item(), errG.item(), dX]);
  }

  const fake = torch.noGrad(() => netG.forward(fixedNoise).detach().cpu());
  return {
    log,
    fake,
    netG: netG.stateDict(),
    netD: netD.stateDict(),
    optimizerG: optimizerG.stateDict(),
    optimizerD: optimizerD.stateDict(),
  };
}
