import { noGrad } from '../autograd/index.js';
import * as cuda from '../cuda/index.js';
import type { Device } from '../device.js';
import { float16, float32, float64, int32 } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import type { Optimizer } from '../optim/index.js';
import { requireNames } from '../options.js';
import { float } from '../scalar.js';
import { isTensor, type Tensor } from '../tensor.js';
import { warn } from '../warn.js';

export interface GradScalerOptions {
  initScale?: number;
  /** After `growthInterval` steps without inf or NaN. */
  growthFactor?: number;
  /** After a step with one. */
  backoffFactor?: number;
  growthInterval?: number;
  enabled?: boolean;
}

export type Scalable = Tensor | readonly Scalable[];

interface Progress {
  stage: 'ready' | 'unscaled' | 'stepped';
  /** By device: 1 where a gradient has an inf or a NaN. */
  foundInf: Map<string, Tensor>;
}

const fix =
  'This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration.';

/**
 * Scales losses so that float16 gradients do not vanish, and leaves out the steps whose gradients overflowed
 * (torch.amp.GradScaler). Per iteration: `scale(loss).backward()`, `step(optimizer)`, `update()`.
 */
export class GradScaler {
  readonly #enabled: boolean;
  #initScale: number;
  #growthFactor: number;
  #backoffFactor: number;
  #growthInterval: number;
  #initGrowthTracker = 0;
  #scale: Tensor | undefined;
  #growthTracker: Tensor | undefined;
  #progress = new Map<Optimizer, Progress>();

  constructor(
    readonly device = 'cuda',
    options: GradScalerOptions = {},
  ) {
    requireNames(new.target, options, {
      initScale: true,
      growthFactor: true,
      backoffFactor: true,
      growthInterval: true,
      enabled: true,
    });
    const { initScale = 65536, growthFactor = 2, backoffFactor = 0.5, growthInterval = 2000 } = options;
    const { enabled = true } = options;
    const missing = enabled && device === 'cuda' && !cuda.isAvailable();
    if (missing) warn('torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.');
    this.#enabled = enabled && !missing;
    if (this.#enabled) {
      if (growthFactor <= 1) throw new TorchError('The growth factor must be > 1.0.');
      if (backoffFactor >= 1) throw new TorchError('The backoff factor must be < 1.0.');
    }
    this.#initScale = initScale;
    this.#growthFactor = growthFactor;
    this.#backoffFactor = backoffFactor;
    this.#growthInterval = growthInterval;
  }

  #scaleOn(device: Device): Tensor {
    if (!this.#scale) {
      this.#scale = aten.full([], float(this.#initScale), { dtype: float32, device }).keep();
      this.#growthTracker = aten.full([], this.#initGrowthTracker, { dtype: int32, device }).keep();
    }
    return this.#scale.to({ device });
  }

  #state(name: string): { scale: Tensor; growthTracker: Tensor } {
    const [scale, growthTracker] = [this.#scale, this.#growthTracker];
    if (!scale || !growthTracker) throw new TorchError(`Attempted ${name} but _scale is None.  ${fix}`);
    return { scale, growthTracker };
  }

  #progressOf(optimizer: Optimizer): Progress {
    let progress = this.#progress.get(optimizer);
    if (!progress) {
      progress = { stage: 'ready', foundInf: new Map() };
      this.#progress.set(optimizer, progress);
    }
    return progress;
  }

  /** The loss, or each output in an array, times the scale. */
  scale<T extends Scalable>(outputs: T): T {
    if (!this.#enabled) return outputs;
    if (isTensor(outputs)) return outputs.mul(this.#scaleOn(outputs.device)) as Tensor as T;
    if (Array.isArray(outputs)) return outputs.map((output) => this.scale(output)) as unknown as T;
    throw new ValueError('outputs must be a Tensor or an iterable of Tensors');
  }

  /** Multiplies the gradients by `inverse` and says where they are not finite. */
  #unscaled(optimizer: Optimizer, inverse: Tensor, takesHalf: boolean): Map<string, Tensor> {
    const groups = new Map<string, Tensor[]>();
    for (const param of optimizer.paramGroups.flatMap(({ params }) => params)) {
      const { grad } = param;
      if (!grad) continue;
      const isHalf = grad.dtype === float16;
      if (isHalf && !takesHalf) throw new ValueError('Attempting to unscale FP16 gradients.');
      // float16 sums of equal indices may overflow, which has to be seen here.
      if (grad.layout === sparseCoo && isHalf) param.grad = grad.coalesce();
      const values = grad.layout === sparseCoo ? (param.grad as Tensor)._values() : grad;
      const key = `${values.device} ${values.dtype}`;
      groups.set(key, [...(groups.get(key) ?? []), values]);
    }
    const found = new Map<string, Tensor>();
    for (const gradients of groups.values()) {
      const { device } = gradients[0] as Tensor;
      const own = found.get(String(device)) ?? aten.zeros([], { dtype: float32, device }).keep();
      found.set(String(device), own);
      aten._ampForeachNonFiniteCheckAndUnscale_(gradients, own, inverse.to({ device }));
    }
    return found;
  }

  /** Divides the gradients by the scale ahead of `step`, to clip them say. */
  unscale_(optimizer: Optimizer): void {
    if (!this.#enabled) return;
    const { scale } = this.#state('unscale_');
    const progress = this.#progressOf(optimizer);
    if (progress.stage === 'unscaled') {
      throw new TorchError('unscale_() has already been called on this optimizer since the last update().');
    }
    if (progress.stage === 'stepped') throw new TorchError('unscale_() is being called after step().');
    noGrad(() =>
      scope(() => {
        const inverse = scale.to({ dtype: float64 }).reciprocal().to({ dtype: float32 });
        progress.foundInf = this.#unscaled(optimizer, inverse, false);
      }),
    );
    progress.stage = 'unscaled';
  }

  /** `optimizer.step()`, unless a gradient is inf or NaN. A closure is possible where the scaler is disabled. */
  step<T>(optimizer: Optimizer, closure?: () => T): T | undefined {
    if (!this.#enabled) return closure ? optimizer.step(closure) : optimizer.step();
    if (closure) throw new TorchError('Closure use is not currently supported if GradScaler is enabled.');
    const { scale } = this.#state('step');
    const progress = this.#progressOf(optimizer);
    if (progress.stage === 'stepped') {
      throw new TorchError('step() has already been called since the last update().');
    }
    if (optimizer.stepSupportsAmpScaling) {
      scope(() => this.#stepInKernel(optimizer, progress, scale));
    } else {
      if (progress.stage === 'ready') this.unscale_(optimizer);
      if (progress.foundInf.size === 0) {
        throw new TorchError('No inf checks were recorded for this optimizer.');
      }
      const overflowed = [...progress.foundInf.values()].some((found) => Number(found.item()) !== 0);
      if (!overflowed) optimizer.step();
    }
    progress.stage = 'stepped';
    return undefined;
  }

  /** Fused kernels unscale the gradients, and leave the parameters alone, themselves. */
  #stepInKernel(optimizer: Optimizer, progress: Progress, scale: Tensor): void {
    if (progress.stage === 'ready') {
      const one = aten.ones([], { dtype: float32, device: scale.device });
      progress.foundInf = noGrad(() => this.#unscaled(optimizer, one, true));
      optimizer.gradScale = scale;
    }
    const found = [...progress.foundInf.values()].map((each) => each.to({ device: scale.device }));
    optimizer.foundInf = found.reduce((sum, each) => sum.add(each), aten.zeros([], { device: scale.device }));
    optimizer.step();
    optimizer.gradScale = undefined;
    optimizer.foundInf = undefined;
  }

  /** Grows or backs off the scale by what was found since the last time, or sets it. */
  update(newScale?: number | Tensor | null): void {
    if (!this.#enabled) return;
    const { scale, growthTracker } = this.#state('update');
    if (typeof newScale === 'number') {
      scale.fill_(newScale);
    } else if (newScale) {
      if (newScale.device.type !== this.device || newScale.numel() !== 1 || newScale.requiresGrad) {
        throw new TorchError(
          'new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False.',
        );
      }
      scale.copy_(newScale);
    } else {
      this.#adapt(scale, growthTracker);
    }
    this.#progress.clear();
  }

  #adapt(scale: Tensor, growthTracker: Tensor): void {
    const found = [...this.#progress.values()].flatMap(({ foundInf }) => [...foundInf.values()]);
    const [first, ...others] = found.map((each) => each.to({ device: scale.device }));
    if (!first) throw new TorchError('No inf checks were recorded prior to update.');
    for (const other of others) first.add_(other);
    aten._ampUpdateScale_(
      scale,
      growthTracker,
      first,
      this.#growthFactor,
      this.#backoffFactor,
      this.#growthInterval,
    );
  }

  getScale(): number {
    if (!this.#enabled) return 1;
    return this.#scale ? Number(this.#scale.item()) : this.#initScale;
  }

  getGrowthFactor(): number {
    return this.#growthFactor;
  }

  setGrowthFactor(factor: number): void {
    this.#growthFactor = factor;
  }

  getBackoffFactor(): number {
    return this.#backoffFactor;
  }

  setBackoffFactor(factor: number): void {
    this.#backoffFactor = factor;
  }

  getGrowthInterval(): number {
    return this.#growthInterval;
  }

  setGrowthInterval(interval: number): void {
    this.#growthInterval = interval;
  }

  isEnabled(): boolean {
    return this.#enabled;
  }

  /** Python's dict; empty where it is disabled. */
  stateDict(): Map<string, unknown> {
    if (!this.#enabled) return new Map();
    const tracker = this.#growthTracker ? Number(this.#growthTracker.item()) : this.#initGrowthTracker;
    return new Map<string, unknown>([
      ['scale', float(this.getScale())],
      ['growth_factor', float(this.#growthFactor)],
      ['backoff_factor', float(this.#backoffFactor)],
      ['growth_interval', this.#growthInterval],
      ['_growth_tracker', tracker],
    ]);
  }

  loadStateDict(state: ReadonlyMap<string, unknown>): void {
    if (!this.#enabled) return;
    if (state.size === 0) {
      throw new TorchError(
        'The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler.',
      );
    }
    const number = (key: string): number => Number(state.get(key));
    this.#initScale = number('scale');
    this.#scale?.fill_(this.#initScale);
    this.#growthFactor = number('growth_factor');
    this.#backoffFactor = number('backoff_factor');
    this.#growthInterval = number('growth_interval');
    this.#initGrowthTracker = number('_growth_tracker');
    this.#growthTracker?.fill_(this.#initGrowthTracker);
  }
}
