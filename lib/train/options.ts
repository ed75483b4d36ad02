import { getNumThreads } from '../backends.js';
import type { Device, DeviceLike } from '../device.js';
import type { Names } from '../options.js';
import { packageFile } from '../package-file.js';
import { availableDevice } from './available-device.js';
import { choiceOption, integerOption, positiveOption } from './option-checks.js';

export const LABELS = ['folder', 'image'] as const;
export const OPTIMIZERS = ['adam', 'sgd'] as const;
export const SCHEDULES = ['cosine', 'constant', 'step'] as const;
export const MEMORY_FORMATS = ['channels_last', 'contiguous'] as const;
export const INITS = ['kaiming', 'default'] as const;

/** The photos that come with the repository (not with the npm package). */
export const EXAMPLE_PHOTOS = packageFile('examples/photos/train');

export interface OverfitOptions {
  /** A folder with one folder of photos per class. Default: {@link EXAMPLE_PHOTOS}. */
  data?: string;
  /** 'image' makes every photo its own class, which is closer to the report. Default 'folder'. */
  labels?: (typeof LABELS)[number];
  /** Side of the square that the network sees, in pixels. Default 96 on the CPU, 299 on CUDA. */
  size?: number;
  epochs?: number;
  batchSize?: number;
  /** Adam with PyTorch's betas, or SGD with momentum 0.9. */
  optimizer?: (typeof OPTIMIZERS)[number];
  /** Initial learning rate. Default 1e-3. */
  lr?: number;
  /** Per step: half a cosine down to 0, constant, or a tenth after each third of the run. */
  schedule?: (typeof SCHEDULES)[number];
  /** Default channels_last on the CPU, where it is faster, contiguous on CUDA. */
  memoryFormat?: (typeof MEMORY_FORMATS)[number];
  init?: (typeof INITS)[number];
  seed?: number;
  /** Default: CUDA where there is a GPU, else the CPU. */
  device?: DeviceLike;
  /** CPU threads of one operator; part of the bits. Default: libtorch's. */
  threads?: number;
  /** The folder that the results are written to. */
  out?: string;
  /** Epochs between two evaluation passes; there is always one at the end. */
  evalEvery?: number;
  /** Epochs between two writings of checkpoint.pt, for `resume`; a run that is stopped writes it too. Default 10. */
  checkpointEvery?: number;
  /**
   * The out folder of a run that was stopped, or its checkpoint.pt: goes on there with that run's own options (no other
   * may be given) to the same bits as if it had never stopped.
   */
  resume?: string;
}

export const overfitNames: Names<OverfitOptions> = {
  data: true,
  labels: true,
  size: true,
  epochs: true,
  batchSize: true,
  optimizer: true,
  lr: true,
  schedule: true,
  memoryFormat: true,
  init: true,
  seed: true,
  device: true,
  threads: true,
  out: true,
  evalEvery: true,
  checkpointEvery: true,
  resume: true,
};

/** All options decided. */
export type Plan = Required<Omit<OverfitOptions, 'device' | 'resume'>> & { device: Device };

/** Fills in the defaults. Throws ValueError or TorchError with what to do for an option that cannot work. */
export function planOf(options: OverfitOptions): Plan {
  const device = availableDevice(options.device);
  const onCpu = device.type === 'cpu';
  return {
    data: options.data ?? EXAMPLE_PHOTOS,
    labels: choiceOption('labels', options.labels ?? 'folder', LABELS),
    size: integerOption('size', options.size ?? (onCpu ? 96 : 299), 1),
    epochs: integerOption('epochs', options.epochs ?? 50, 1),
    batchSize: integerOption('batchSize', options.batchSize ?? 10, 1),
    optimizer: choiceOption('optimizer', options.optimizer ?? 'adam', OPTIMIZERS),
    lr: positiveOption('lr', options.lr ?? 1e-3),
    schedule: choiceOption('schedule', options.schedule ?? 'cosine', SCHEDULES),
    memoryFormat: choiceOption(
      'memoryFormat',
      options.memoryFormat ?? (onCpu ? 'channels_last' : 'contiguous'),
      MEMORY_FORMATS,
    ),
    init: choiceOption('init', options.init ?? 'kaiming', INITS),
    seed: integerOption('seed', options.seed ?? 0, 0),
    device,
    threads: integerOption('threads', options.threads ?? getNumThreads(), 1),
    out: options.out ?? 'runs/overfit',
    evalEvery: integerOption('evalEvery', options.evalEvery ?? 5, 1),
    checkpointEvery: integerOption('checkpointEvery', options.checkpointEvery ?? 10, 1),
  };
}
