import { noGrad } from '../autograd/index.js';
import type { DeviceLike } from '../device.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { Xception } from '../models/index.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { decodeImage } from '../vision/index.js';
import { type Preprocessing, preprocess } from '../weights/index.js';
import { readWeightsFile } from '../weights/weights-file.js';
import { availableDevice } from './available-device.js';
import { labelsOf, labelsOfConverted } from './labels.js';
import { networkInput, readPhotos } from './photo-input.js';

export interface PhotoClassifierOptions {
  /** A state dict of Xception: a run's last.pt, or what `xception convert` wrote. */
  weights: string;
  /** Names by the index of the network's output. Default: those in the summary.json beside
   * the weights; of converted weights their numbers. */
  classes?: readonly string[];
  /** Side of the square that the network sees, in pixels. Default: as in training. */
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
  /** null: as a run does. */
  readonly #preprocessing: Preprocessing | null;

  /** @throws ValueError, TorchError or CheckpointError naming the file and what to do */
  constructor(options: PhotoClassifierOptions) {
    requireNames(new.target, options, { weights: true, classes: true, size: true, device: true });
    const { weights, classes, size, device } = options;
    this.#device = availableDevice(device);
    const { tensors, carried } = readWeightsFile(weights);
    const outputs = classesIn(tensors, weights);
    const preprocessing = carried?.preprocessing ?? null;
    const labels = preprocessing
      ? labelsOfConverted(weights, outputs, { classes, size: size ?? preprocessing.inputSize[2] })
      : labelsOf(weights, outputs, { classes, size });
    this.classes = labels.classes;
    this.size = labels.size;
    this.#preprocessing = preprocessing && { ...preprocessing, inputSize: [3, this.size, this.size] };
    // 'default' draws less than half the random numbers of 'kaiming'; all are overwritten.
    this.#model = new Xception({ ...carried?.architecture, numClasses: outputs, init: 'default' });
    this.#model.loadStateDict(tensors);
    this.#model.to(this.#device).eval();
  }

  /** Every class of one photo, the most probable first. Throws ValueError naming a file that is no image. */
  async classify(file: string): Promise<Prediction[]> {
    const input = await this.#read(file);
    const probabilities = scope(() => noGrad(() => this.#probabilities(input)));
    input.dispose();
    return this.classes
      .map((name, index) => ({ name, probability: probabilities[index] as number }))
      .sort((a, b) => b.probability - a.probability);
  }

  async #read(file: string): Promise<Tensor> {
    const photo = this.#preprocessing ? await decodeImage(file) : await readPhotos([file], this.size);
    const input = scope(() =>
      this.#preprocessing
        ? preprocess(photo, this.#preprocessing).to({ device: this.#device })
        : networkInput(photo, { device: this.#device, memoryFormat: 'contiguous' }),
    );
    photo.dispose();
    return input;
  }

  #probabilities(input: Tensor): number[] {
    return this.#model.forward(input).softmax(1).select(0, 0).tolist() as number[];
  }
}

function classesIn(tensors: ReadonlyMap<string, Tensor>, path: string): number {
  const classifier = tensors.get('fc.weight');
  if (!tensors.has('entry_conv1.0.weight')) {
    throw new ValueError(
      `${path} does not hold an Xception of ours: give a run's last.pt, or bring another project's weights into this ` +
        `form first: xception convert ${path} xception.pt`,
    );
  }
  if (classifier) return classifier.size(0);
  throw new ValueError(`${path} has no classifier (fc.weight); train one before it is asked`);
}
