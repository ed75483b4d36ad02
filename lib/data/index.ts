import '../tensor-python.js';

export { CachedDataset } from './cached-dataset.js';
export { type Collated, defaultCollate, defaultConvert } from './collate.js';
export { ChainDataset, ConcatDataset, StackDataset, type StackedSample } from './combined-datasets.js';
export { DataLoader, type DataLoaderOptions } from './dataloader.js';
export { Dataset, IterableDataset, TensorDataset, type TensorRow } from './dataset.js';
export { DistributedSampler, type DistributedSamplerOptions } from './distributed.js';
export {
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from './random-samplers.js';
export {
  BatchSampler,
  type BatchSamplerOptions,
  RandomSampler,
  type RandomSamplerOptions,
  Sampler,
  SequentialSampler,
  type Sized,
} from './sampler.js';
export { randomSplit, Subset } from './subset.js';
export type { WorkerModule } from './thread.js';
export { getWorkerInfo, type WorkerInfo } from './worker-info.js';
