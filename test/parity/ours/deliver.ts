import * as torch from 'libtorch-node';

export interface DeliverParams {
  device: string;
  pinMemory: boolean;
}

/** Batches of a DataLoader go to the device without waiting, and something is computed of each at once. */
export async function deliver({ device, pinMemory }: DeliverParams) {
  const dataset = new torch.data.TensorDataset(torch.rand([40, 3, 64, 64]), torch.arange(40));
  const loader = new torch.data.DataLoader(dataset, { batchSize: 8, shuffle: true, pinMemory });
  const weight = torch.randn([64, 64]).to(device);
  const pinned: boolean[] = [];
  const products: torch.Tensor[] = [];
  const labels: torch.Tensor[] = [];
  for await (const [images, indices] of loader) {
    pinned.push(images.isPinned() && indices.isPinned());
    products.push(images.to(device, { nonBlocking: true }).matmul(weight));
    labels.push(indices.to(device, { nonBlocking: true }));
  }
  const back = products.map((product) => product.to('cpu'));
  return { pinned, products, labels, back, where: products.map((product) => product.device.type) };
}
