// Trains Xception on a folder with one folder of photos per class, and saves it.
//
//   node examples/train-a-net.ts [FOLDER]

import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { data, nn, optim, vision } from 'libtorch-node';
import { Xception } from 'libtorch-node/models';

const folder = process.argv[2] ?? fileURLToPath(new URL('photos/train', import.meta.url));
const size = 96;
const device = torch.cuda.isAvailable() ? 'cuda' : 'cpu';

torch.manualSeed(0);

const photos = new vision.ImageFolder(folder, {
  transform: (image) => vision.centerCrop(vision.resize(image, size), size),
});
const loader = new data.DataLoader(new data.CachedDataset(photos), { batchSize: 10, shuffle: true });

const model = new Xception({ numClasses: photos.classes.length }).to(device);
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });

for (let epoch = 1; epoch <= 10; epoch += 1) {
  const losses: number[] = [];
  for await (const [images, labels] of loader) {
    // What is made inside and has no owner is freed at its end.
    torch.scope(() => {
      const inputs = images.to(device, torch.float32).div(127.5).sub(1);
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(model.forward(inputs), labels.to(device));
      loss.backward();
      optimizer.step();
      losses.push(loss.item() as number);
    });
  }
  const mean = losses.reduce((sum, loss) => sum + loss) / losses.length;
  console.log(`epoch ${epoch}: loss ${mean.toFixed(4)}`);
}

// Python opens it with torch.load(path, weights_only=True): a dict of a list, an int and a state dict.
torch.save({ classes: photos.classes, size, model: model.stateDict() }, 'xception.pt');
