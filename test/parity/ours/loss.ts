import * as torch from 'libtorch-node';

export interface LossParams {
  options: { reduction?: 'none' | 'mean' | 'sum'; labelSmoothing?: number; ignoreIndex?: number };
  /** Of each class. */
  weight?: number[];
  /** Targets are probabilities instead of class indices. */
  soft?: boolean;
  shape: [batch: number, classes: number, ...rest: number[]];
}

/** Cross entropy, its gradient, and for class indices the negative log likelihood it is made of. */
export function loss({ options, weight: weights, soft, shape }: LossParams) {
  const { CrossEntropyLoss, functional } = torch.nn;
  const weight = weights ? torch.tensor(weights) : null;
  const criterion = new CrossEntropyLoss({ ...options, weight });
  const [batch, classes, ...rest] = shape;
  const logits = torch.randn(shape).requiresGrad_();
  const target = soft ? torch.randn(shape).softmax(1) : torch.randint(classes, [batch, ...rest]);
  const value = criterion.forward(logits, target);
  value.sum().backward();
  const { labelSmoothing: _, ...others } = options;
  const likelihood = soft
    ? null
    : functional.nllLoss(functional.logSoftmax(logits, 1), target, { ...others, weight });
  return { text: String(criterion), state: criterion.stateDict(), value, gradient: logits.grad, likelihood };
}
