// The photos of bench/programs/photos.mjs, cut and flipped at random: a module that worker threads import too.
import * as torch from 'libtorch-node';

const { Compose, ImageFolder, Normalize, RandomHorizontalFlip, RandomResizedCrop, ToDtype } = torch.vision;

/** Each photo `repeats` times. */
export default function makeDataset({ folder, repeats }) {
  const transform = new Compose([
    new RandomResizedCrop(224),
    new RandomHorizontalFlip(),
    new ToDtype(torch.float32, { scale: true }),
    new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
  ]);
  const photos = new ImageFolder(folder, { transform });
  const indices = Array.from({ length: repeats * photos.length }, (_, i) => i % photos.length);
  return new torch.data.Subset(photos, indices);
}
