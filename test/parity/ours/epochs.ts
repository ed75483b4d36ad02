import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';

export interface EpochsParams {
  /** A file of uint8, [labels.length, 3, size, size]. */
  pixels: string;
  labels: number[];
  size: number;
  epochs: number;
  batchSize: number;
}

/** The main job in small: the loss of every step, an evaluation after each epoch, the model at the end. */
export async function epochs({ pixels, labels, size, epochs: count, batchSize }: EpochsParams) {
  const { crossEntropy } = torch.nn.functional;
  const images = torch.tensor(new Uint8Array(readFileSync(pixels))).view([labels.length, 3, size, size]);
  const dataset = new torch.data.TensorDataset(images, torch.tensor(labels.map(BigInt)));
  const loader = new torch.data.DataLoader(dataset, { batchSize, shuffle: true });
  const evaluation = new torch.data.DataLoader(dataset, { batchSize: 25 });
  const model = new torch.models.Xception({ numClasses: 4 }).to({ memoryFormat: torch.channelsLast });
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 });
  const scheduler = new torch.optim.lrScheduler.CosineAnnealingLR(optimizer, count * loader.length);
  const normalized = (batch: torch.Tensor) =>
    batch.to(torch.float32).div(127.5).sub(1).contiguous({ memoryFormat: torch.channelsLast });

  const losses: torch.TorchFloat[] = [];
  const evaluations: unknown[] = [];
  for (let epoch = 0; epoch < count; epoch += 1) {
    model.train();
    for await (const [batch, targets] of loader) {
      torch.scope(() => {
        optimizer.zeroGrad();
        const loss = crossEntropy(model.forward(normalized(batch)), targets);
        loss.backward();
        optimizer.step();
        scheduler.step();
        losses.push(torch.float(Number(loss.item())));
      });
    }
    model.eval();
    for await (const [batch, targets] of evaluation) {
      torch.noGrad(() =>
        torch.scope(() => {
          const logits = model.forward(normalized(batch));
          const correct = logits.argmax(1).eq(targets).sum().item();
          evaluations.push({ loss: torch.float(Number(crossEntropy(logits, targets).item())), correct });
        }),
      );
    }
  }
  return { losses, evaluations, state: model.stateDict(), optimizer: optimizer.stateDict() };
}
