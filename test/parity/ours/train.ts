import * as torch from 'libtorch-node';
import type { OptimizeParams } from './optimize.js';
import { type MemoryFormatName, memoryFormatOf } from './step.js';

export interface TrainParams extends Pick<OptimizeParams, 'optimizer' | 'options' | 'steps'> {
  memoryFormat: MemoryFormatName;
  size: number;
  batch: number;
}

/** Some training steps of the whole Xception: losses, every parameter and buffer, all of the optimizer's state. */
export function train({ optimizer: name, options, steps, memoryFormat: format, size, batch }: TrainParams) {
  const memoryFormat = memoryFormatOf(format);
  const model = new torch.models.Xception({ numClasses: 4 }).to({ memoryFormat });
  const optimizer = new torch.optim[name](model.parameters(), options);
  const losses: torch.TorchFloat[] = [];
  for (let index = 0; index < steps; index += 1) {
    torch.scope(() => {
      const images = torch.rand([batch, 3, size, size]).to({ memoryFormat });
      const labels = torch.randint(4, [batch]);
      optimizer.zeroGrad();
      const loss = torch.nn.functional.crossEntropy(model.forward(images), labels);
      loss.backward();
      optimizer.step();
      losses.push(torch.float(Number(loss.item())));
    });
  }
  return { losses, model: model.stateDict(), optimizer: optimizer.stateDict() };
}
