import { join } from 'node:path';
import * as torch from 'libtorch-node';

const { crossEntropy } = torch.nn.functional;

export function trainOnce(model: torch.models.Xception, optimizer: torch.optim.Adam): void {
  optimizer.zeroGrad();
  crossEntropy(model.forward(torch.rand([2, 3, 64, 64])), torch.randint(10, [2])).backward();
  optimizer.step();
}

/** Reads what `write` wrote, computes logits, and takes another step from there. */
export function resume({ folder }: { folder: string }) {
  const last = torch.load<torch.nn.StateDict>(join(folder, 'last.pt'));
  const checkpoint = torch.load<Map<string, never>>(join(folder, 'checkpoint.pt'));
  const model = new torch.models.Xception({ numClasses: 10 });
  model.loadStateDict(last);
  const logits = torch.noGrad(() => model.eval().forward(torch.rand([2, 3, 64, 64])));

  model.train().loadStateDict(checkpoint.get('model') as unknown as torch.nn.StateDict);
  const optimizer = new torch.optim.Adam(model.parameters());
  optimizer.loadStateDict(checkpoint.get('optimizer') as unknown as Map<string, unknown>);
  trainOnce(model, optimizer);
  const { metadata } = last;
  return { metadata, checkpoint, logits, model: model.stateDict(), optimizer: optimizer.stateDict() };
}
