import { tensorsIn } from '../memory.js';
import { Dataset } from './dataset.js';

/**
 * Keeps every sample of `source` in memory after its first use. For datasets that fit, and only where reading a
 * sample draws no random numbers: a cached sample draws none, so it would shift what comes after.
 */
export class CachedDataset<T> extends Dataset<T> {
  readonly source: Dataset<T>;
  readonly #samples = new Map<number, T>();

  constructor(source: Dataset<T>) {
    super();
    this.source = source;
  }

  get length(): number {
    return this.source.length;
  }

  get(index: number): T | Promise<T> {
    const known = this.#samples.get(index);
    if (known !== undefined) return known;
    const sample = this.source.get(index);
    return sample instanceof Promise
      ? sample.then((value) => this.#store(index, value))
      : this.#store(index, sample);
  }

  override async getItems(indices: readonly number[]): Promise<T[]> {
    const missing = [...new Set(indices)].filter((index) => !this.#samples.has(index));
    if (missing.length > 0) {
      const samples = this.source.getItems
        ? await this.source.getItems(missing)
        : await Promise.all(missing.map((index) => this.source.get(index)));
      missing.forEach((index, i) => {
        this.#store(index, samples[i] as T);
      });
    }
    return indices.map((index) => this.#samples.get(index) as T);
  }

  /** Forgets all samples; their memory goes when nothing else uses them. */
  clear(): void {
    this.#samples.clear();
  }

  #store(index: number, sample: T): T {
    for (const tensor of tensorsIn(sample, partsOf)) tensor.keep();
    this.#samples.set(index, sample);
    return sample;
  }
}

/** Of instances of any class too: a sample lives as long as the dataset. */
function partsOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return [];
  return Array.isArray(value) || value instanceof Map || value instanceof Set ? value : Object.values(value);
}
