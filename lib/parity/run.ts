// Our half: what python/libtorch_node_parity/session.py does, in the same order.

import { noGrad } from '../autograd/index.js';
import { cudnn, setNumThreads, useDeterministicAlgorithms } from '../backends.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { channelsLast, contiguousFormat } from '../memory-format.js';
import { functional, type Module, type StateDict } from '../nn/index.js';
import { aten } from '../operators/ops.js';
import * as optim from '../optim/index.js';
import { manualSeed } from '../random.js';
import { load } from '../serialization/index.js';
import type { Tensor } from '../tensor.js';
import { leaves, Observations, type Phase } from './observations.js';
import { listOperators, type OperatorCalls } from './operators.js';
import type { Plan } from './plan.js';

type NewOptimizer = new (params: readonly Tensor[], options: object) => optim.Optimizer;

export class Run {
  readonly seen: Observations;
  readonly #optimizer: optim.Optimizer;

  private constructor(
    readonly plan: Plan,
    readonly model: Module,
  ) {
    const { optimizer, lr } = plan;
    const Optimizer = Reflect.get(optim, optimizer) as NewOptimizer;
    this.#optimizer = new Optimizer(model.parameters(), lr === null ? {} : { lr });
    this.seen = new Observations(model);
    scope(() => {
      this.seen.state('construction');
      this.seen.generator('construction');
    });
  }

  /** Sets the seed, and the threads where the plan says so, for the whole process, and makes the model. */
  static async begin(plan: Plan, make: () => Module | Promise<Module>): Promise<Run> {
    if (plan.threads !== null) setNumThreads(plan.threads);
    if (plan.device !== 'cpu') {
      useDeterministicAlgorithms(true);
      cudnn.benchmark = false;
    }
    manualSeed(plan.seed);
    const model = await make();
    if (plan.weights !== null) model.loadStateDict(load<StateDict>(plan.weights, { mapLocation: 'cpu' }));
    model.to(plan.device);
    if (plan.memory_format === 'channels_last') model.to({ memoryFormat: channelsLast });
    return new Run(plan, model);
  }

  #inputs(): Tensor {
    const { batch, input, device, memory_format } = this.plan;
    const memoryFormat = memory_format === 'channels_last' ? channelsLast : contiguousFormat;
    let images = aten.rand([batch, ...input]).to({ device });
    if (images.dim() === 4) images = images.to({ memoryFormat });
    this.seen.note('input', '', 'input', images);
    return images;
  }

  /** Cross entropy of each output, with labels that are drawn. */
  #loss(output: unknown): Tensor {
    const losses = leaves(output).map((logits) => {
      const [batch = 1, classes, ...places] = logits.shape;
      if (classes === undefined || !logits.isFloatingPoint()) {
        throw new TorchError(
          `the model must give logits [batch, classes, ...], got ${logits.dtype} of shape [${logits.shape}]`,
        );
      }
      const labels = aten.randint(classes, [batch, ...places]).to({ device: logits.device });
      return functional.crossEntropy(logits, labels);
    });
    if (losses.length === 0) throw new TorchError('the model gives no tensor');
    return losses.reduce((total, loss) => total.add(loss));
  }

  #forward(phase: Phase, images: Tensor, layers: readonly string[]): [unknown, OperatorCalls] {
    const model = this.model as { forward(images: Tensor): unknown };
    return this.seen.forward(phase, () => listOperators(this.model, layers, () => model.forward(images)));
  }

  /** One training step; the operators of `layers` are listed. */
  step(layers: readonly string[] = []): OperatorCalls {
    this.seen.clear();
    this.model.train();
    return scope(() => {
      const images = this.#inputs();
      this.#optimizer.zeroGrad();
      const [output, calls] = this.#forward('forward', images, layers);
      const loss = this.#loss(output);
      this.seen.note('loss', '', 'loss', loss);
      loss.backward();
      this.seen.gradients();
      this.#optimizer.step();
      this.seen.state('update');
      this.seen.generator('update');
      return calls;
    });
  }

  evaluate(layers: readonly string[] = []): OperatorCalls {
    this.seen.clear();
    this.model.eval();
    return scope(() => noGrad(() => this.#forward('evaluation', this.#inputs(), layers)[1]));
  }
}
