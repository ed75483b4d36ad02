// Loads what train-a-net.ts saved and names what is on photos.
//
//   node examples/load-and-predict.ts xception.pt PHOTO...

import * as torch from 'libtorch-node';
import { vision } from 'libtorch-node';
import { Xception } from 'libtorch-node/models';

const [file, ...photos] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: load-and-predict.ts FILE.pt PHOTO...');

const saved = torch.load<Map<string, unknown>>(file);
const classes = saved.get('classes') as string[];
const size = saved.get('size') as number;

const model = new Xception({ numClasses: classes.length });
model.loadStateDict(saved.get('model') as Map<string, torch.Tensor>);
model.eval();

for (const photo of photos) {
  const image = await vision.decodeImage(photo);
  const probabilities = torch.scope(() =>
    torch.noGrad(() => {
      const square = vision.centerCrop(vision.resize(image, size), size);
      const input = square.to(torch.float32).div(127.5).sub(1).unsqueeze(0);
      return model.forward(input).softmax(1).flatten().tolist() as number[];
    }),
  );
  const best = probabilities.indexOf(Math.max(...probabilities));
  console.log(`${photo}: ${classes[best]} (${probabilities[best]?.toFixed(3)})`);
}
