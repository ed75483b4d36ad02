import '../tensor-python.js';

export { CachedDataset } from './cached-dataset.js';
export { type Collated, defaultCollate, defaultConvert } from './collate.js';
export { DataLoader, type DataLoaderOptions } from './dataloader.js';
export { Dataset, TensorDataset, type TensorRow } from './dataset.js';
export {
  BatchSampler,
  type BatchSamplerOptions,
  RandomSampler,
  type RandomSamplerOptions,
  Sampler,
  SequentialSampler,
  type Sized,
} from './sampler.js';
