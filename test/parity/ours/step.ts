import * as torch from 'libtorch-node';

export type MemoryFormatName = 'contiguous_format' | 'channels_last';

export function memoryFormatOf(name: MemoryFormatName): torch.MemoryFormat {
  return name === 'channels_last' ? torch.channelsLast : torch.contiguousFormat;
}

export interface StepParams {
  model: torch.models.XceptionOptions & { numClasses: number };
  memoryFormat: MemoryFormatName;
  size: number;
  batch: number;
}

/** One training step of Xception and then an evaluation: everything that both compute. */
export function step({ model: options, memoryFormat: name, size, batch }: StepParams) {
  const { crossEntropy } = torch.nn.functional;
  const memoryFormat = memoryFormatOf(name);
  const model = new torch.models.Xception(options).to({ memoryFormat });
  const images = torch.rand([batch, options.inChannels ?? 3, size, size]).to({ memoryFormat });
  const labels = torch.randint(options.numClasses, [batch]);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.045, momentum: 0.9 });

  const logits = model.forward(images);
  const loss = crossEntropy(logits, labels);
  loss.backward();
  const gradients = new Map(model.namedParameters().map(([key, parameter]) => [key, parameter.grad]));
  optimizer.step();
  const state = model.stateDict();

  model.eval();
  return torch.noGrad(() => {
    const evaluated = model.forward(images);
    const evaluation = { logits: evaluated, loss: crossEntropy(evaluated, labels) };
    return { images, labels, logits, loss, gradients, state, evaluation };
  });
}
