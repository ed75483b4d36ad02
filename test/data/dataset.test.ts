import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

const { CachedDataset, Dataset, TensorDataset } = torch.data;

it('gives rows of tensors as views', () => {
  const images = torch.arange(6).view([3, 2]);
  const dataset = new TensorDataset(images, torch.tensor([7n, 8n, 9n]));
  expect(dataset.length).toBe(3);
  const [image, label] = dataset.get(1);
  expect([image.tolist(), label.item()]).toEqual([[2, 3], 8]);
  expect(dataset.get(-1)[1].item()).toBe(9);
  image.fill_(0);
  expect(images.tolist()).toEqual([
    [0, 1],
    [0, 0],
    [4, 5],
  ]);
});

it('names an index out of range and tensors that do not fit', () => {
  const dataset = new TensorDataset(torch.zeros([3, 2]));
  expect(() => dataset.get(3)).toThrow(torch.IndexError);
  expect(() => dataset.get(-4)).toThrow('index -4 is out of bounds for dimension 0 with size 3');
  expect(() => new TensorDataset(torch.zeros([3]), torch.zeros([4]))).toThrow(
    /Size mismatch between tensors.*3, 4/,
  );
});

it('outlives the scope that it was made in', () => {
  let dataset: torch.data.TensorDataset<[torch.Tensor]> | undefined;
  torch.scope(() => {
    dataset = new TensorDataset(torch.ones([2]));
  });
  expect(dataset?.get(0)[0].item()).toBe(1);
});

class Counted extends Dataset<[torch.Tensor, number]> {
  reads: number[] = [];

  get length() {
    return 4;
  }

  get(index: number): [torch.Tensor, number] {
    this.reads.push(index);
    return [torch.full([2], index), index];
  }
}

it('caches every sample after its first use', async () => {
  const source = new Counted();
  const cached = new CachedDataset(source);
  expect(cached.length).toBe(4);
  const first = torch.scope(() => [cached.get(2)])[0];
  expect(await cached.get(2)).toBe(first);
  const batch = await cached.getItems([1, 2, 1, 0]);
  expect(batch.map(([, index]) => index)).toEqual([1, 2, 1, 0]);
  expect(source.reads).toEqual([2, 1, 0]);
  cached.clear();
  await cached.get(2);
  expect(source.reads).toEqual([2, 1, 0, 2]);
});

it('keeps tensors inside Maps, Sets and objects beyond a scope too, and reads no bytes of typed arrays', async () => {
  class Nested extends Dataset<Map<string, unknown>> {
    readonly length = 1;

    get(): Map<string, unknown> {
      const shared = torch.full([2], 3);
      const sample = new Map<string, unknown>([
        ['set', new Set([shared])],
        ['deep', [{ box: new Map([['inner', torch.full([2], 4)]]) }]],
        ['bytes', new Uint8Array(4)],
      ]);
      return sample.set('itself', sample);
    }
  }
  const cached = new CachedDataset(new Nested());
  torch.scope(() => {
    void cached.get(0);
  });
  const sample = await cached.get(0);
  const [shared] = sample.get('set') as Set<torch.Tensor>;
  const [{ box }] = sample.get('deep') as [{ box: Map<string, torch.Tensor> }];
  expect(shared?.tolist()).toEqual([3, 3]);
  expect(box.get('inner')?.tolist()).toEqual([4, 4]);
});

it('keeps cached tensors beyond the scope of their first use', async () => {
  const cached = new CachedDataset(new Counted());
  torch.scope(() => {
    void cached.get(3);
  });
  expect((await cached.get(3))[0].tolist()).toEqual([3, 3]);
});
