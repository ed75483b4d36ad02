import * as torch from 'libtorch-node';
import { type MemoryFormatName, memoryFormatOf } from './step.js';

export interface TransferParams {
  device: string;
  optimizer: 'SGD' | 'Adam' | 'AdamW' | 'RMSprop';
  options: object;
  /** What autocast computes in, with a GradScaler around the step; null: neither. */
  autocast: 'float16' | 'bfloat16' | null;
  memoryFormat: MemoryFormatName;
  size: number;
  batch: number;
  steps: number;
}

const dtypes = { float16: torch.float16, bfloat16: torch.bfloat16 };

/** Xception is made and its batches are drawn on the CPU; both go to the device, where it trains. */
export function transfer(params: TransferParams) {
  const { device, optimizer: name, options, autocast, size, batch, steps } = params;
  const { crossEntropy } = torch.nn.functional;
  const memoryFormat = memoryFormatOf(params.memoryFormat);
  const model = new torch.models.Xception({ numClasses: 4 }).to({ device, memoryFormat });
  const arrived = new Map([...model.stateDict()].map(([key, tensor]) => [key, tensor.clone()]));
  const optimizer = new torch.optim[name](model.parameters(), options);
  // So high that the first steps overflow.
  const scaler = new torch.amp.GradScaler(device, {
    enabled: autocast !== null,
    initScale: 2 ** 40,
    growthInterval: 2,
  });
  const dtype = autocast === null ? null : dtypes[autocast];
  const trajectory: unknown[] = [];
  const images = Array.from({ length: steps + 1 }, () =>
    torch.rand([batch, 3, size, size]).to(device, { memoryFormat }),
  );
  const labels = torch.randint(4, [batch]).to(device);
  for (const input of images.slice(1)) {
    torch.scope(() => {
      optimizer.zeroGrad();
      const loss = torch.autocast(device, { enabled: autocast !== null, dtype }, () =>
        crossEntropy(model.forward(input), labels),
      );
      scaler.scale(loss).backward();
      scaler.step(optimizer);
      scaler.update();
      trajectory.push([torch.float(Number(loss.item())), torch.float(scaler.getScale())]);
    });
  }
  const gradients = new Map(model.namedParameters().map(([key, parameter]) => [key, parameter.grad]));
  const logits = torch.noGrad(() => model.eval().forward(images[0] as torch.Tensor));
  return {
    ...{ arrived, trajectory, gradients, logits },
    ...{ model: model.stateDict(), optimizer: optimizer.stateDict() },
  };
}
