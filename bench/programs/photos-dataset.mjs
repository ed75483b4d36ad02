// The photos of bench/programs/photos.mjs, cut and flipped at random: a module that worker threads import too.
import * as torch from 'libtorch-node';

const { getWorkerInfo } = torch.data;
const { ImageFolder, normalize, resize, toDtype } = torch.vision;

const SIZE = 224;
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];
const SCALE = [0.08, 1];
const RATIO = torch.tensor([3 / 4, 4 / 3]).log();

const generator = () => getWorkerInfo()?.generator ?? null;
const uniform = (from, to) => torch.empty([1]).uniform_(from, to, { generator: generator() });
const integer = (end) => torch.randint(end, [1], { generator: generator() }).item();

/** The largest box in the middle whose sides are not too unlike. */
function middleBox(height, width) {
  const [least, most] = [3 / 4, 4 / 3];
  const h = width / height < least ? Math.round(width / least) : height;
  const w = width / height > most ? Math.round(height * most) : width;
  return [(height - h) >> 1, (width - w) >> 1, h, w];
}

/** The draws of torchvision's RandomResizedCrop. */
function randomBox(height, width) {
  const [least, most] = RATIO.tolist();
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * uniform(...SCALE).item();
    const ratio = uniform(least, most).exp().item();
    const [w, h] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))];
    if (w > 0 && w <= width && h > 0 && h <= height)
      return [integer(height - h + 1), integer(width - w + 1), h, w];
  }
  return middleBox(height, width);
}

function augment(image) {
  const [top, left, height, width] = randomBox(image.size(1), image.size(2));
  const cut = resize(image.narrow(1, top, height).narrow(2, left, width), [SIZE, SIZE]);
  const flipped = torch.rand([1], { generator: generator() }).item() < 0.5 ? cut.flip(-1) : cut;
  return normalize(toDtype(flipped, torch.float32, { scale: true }), MEAN, STD);
}

/** Each photo `repeats` times. */
export default function makeDataset({ folder, repeats }) {
  const photos = new ImageFolder(folder, { transform: augment });
  const indices = Array.from({ length: repeats * photos.length }, (_, i) => i % photos.length);
  return new torch.data.Subset(photos, indices);
}
