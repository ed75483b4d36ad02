import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { trainOnce } from './resume.js';

/** Trains for a step and writes last.pt, the model's state alone, and checkpoint.pt, all that a run needs to go on. */
export function write({ folder }: { folder: string }) {
  const model = new torch.models.Xception({ numClasses: 10 });
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.002, amsgrad: true });
  trainOnce(model, optimizer);
  const [state, optimizerState] = [model.stateDict(), optimizer.stateDict()];
  torch.save(state, join(folder, 'last.pt'));
  torch.save(
    { model: state, optimizer: optimizerState, epoch: 3, rate: 0.1, name: 'a name' },
    join(folder, 'checkpoint.pt'),
  );
  return { state, optimizer: optimizerState };
}
