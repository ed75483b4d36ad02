import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';

const { nn, optim } = torch;

interface SparseParams {
  foreach: boolean;
}

/** SGD with momentum on sparse gradients, whose state goes through a file half-way. */
export async function sparse({ foreach }: SparseParams) {
  const table = new nn.Embedding(6, 3, { sparse: true });
  const made = () => new optim.SGD(table.parameters(), { lr: 0.1, momentum: 0.9, foreach });
  const train = (optimizer: torch.optim.SGD) => {
    for (let step = 0; step < 3; step += 1) {
      optimizer.zeroGrad();
      table
        .forward(torch.randint(6, [4]))
        .pow(2)
        .sum()
        .backward();
      optimizer.step();
    }
  };
  const first = made();
  train(first);
  const folder = await mkdtemp(join(tmpdir(), 'sparse-'));
  const path = join(folder, 'optimizer.pt');
  await torch.save(first.stateDict(), path);
  const state = (await torch.load(path)) as torch.optim.OptimizerStateDict;
  await rm(folder, { recursive: true });
  const second = made();
  second.loadStateDict(state);
  train(second);
  const buffer = second.state.get(table.weight)?.momentumBuffer as torch.Tensor;
  const parts = [buffer._indices(), buffer._values()];
  return { weight: table.weight.detach(), parts, isCoalesced: buffer.isCoalesced() };
}
