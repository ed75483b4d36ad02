import { noGrad } from '../autograd.js';
import type { DeviceLike } from '../device.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { Xception } from '../models/index.js';
import { load } from '../serialization/index.js';
import { isTensor, type Tensor } from '../tensor.js';
import { availableDevice } from './available-device.js';
import { labelsOf } from './labels.js';
import { networkInput, readPhotos } from './photo-input.js';

export interface PhotoClassifierOptions {
  /** A state dict of Xception, such as a run's last.pt. */
  weights: string;
  /** Names by the index of the network's output. Default: those in the summary.json beside the weights. */
  classes?: readonly string[];
  /** Side of the square that the network sees, in pixels. Default: as in training, from the same file. */
  size?: number;
  device?: DeviceLike;
}

export interface Prediction {
  readonly name: string;
  /** 0 to 1; those of all classes add up to 1. */
  readonly probability: number;
}

/** A trained Xception that names what is on a photo. */
export class PhotoClassifier {
  readonly classes: readonly string[];
  readonly size: number;
  readonly #model: Xception;
  readonly #device: DeviceLike;

  /** @throws ValueError, TorchError or CheckpointError naming the file and what to do */
  constructor({ weights, classes, size, device }: PhotoClassifierOptions) {
    this.#device = availableDevice(device);
    const state = load<Map<string, Tensor>>(weights, { mapLocation: 'cpu' });
    const fc = state instanceof Map ? state.get('fc.weight') : undefined;
    if (!isTensor(fc)) {
      throw new ValueError(
        `${weights} does not hold an Xception: it has no tensor 'fc.weight'; give a run's last.pt`,
      );
    }
    const labels = labelsOf(weights, fc.size(0), { classes, size });
    this.classes = labels.classes;
    this.size = labels.size;
    // 'default' draws less than half the random numbers of 'kaiming'; all are overwritten.
    this.#model = new Xception({ numClasses: this.classes.length, init: 'default' });
    this.#model.loadStateDict(state);
    this.#model.to(this.#device).eval();
  }

  /** Every class of one photo, the most probable first. Throws ValueError naming a file that is no image. */
  async classify(file: string): Promise<Prediction[]> {
    const photo = await readPhotos([file], this.size);
    const probabilities = scope(() => noGrad(() => this.#probabilities(photo)));
    photo.dispose();
    return this.classes
      .map((name, index) => ({ name, probability: probabilities[index] as number }))
      .sort((a, b) => b.probability - a.probability);
  }

  #probabilities(photo: Tensor): number[] {
    const input = networkInput(photo, { device: this.#device, memoryFormat: 'contiguous' });
    return this.#model.forward(input).softmax(1).select(0, 0).tolist() as number[];
  }
}
