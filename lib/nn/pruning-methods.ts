// The pruning methods that PyTorch brings, by their kernels in their order.

import { TorchError } from '../errors.js';
import { norm } from '../functional/norm.js';
import { slice } from '../indexing.js';
import { scope } from '../memory.js';
import { contiguousFormat } from '../memory-format.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { sizeText } from '../python-text.js';
import type { Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { countOf, prunedDim, requireAmount } from './pruning-amount.js';
import { BasePruningMethod, type ImportanceOptions, importanceNames } from './pruning-method.js';

/** Prunes nothing: the names of a pruned parameter with a mask of ones. Named so that the layer keeps its name. */
class PruningIdentity extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  override computeMask(_t: Tensor, defaultMask: Tensor): Tensor {
    return defaultMask;
  }
}

/** The mask without the elements at these flat indices. */
function without(mask: Tensor, indices: Tensor | null): Tensor {
  const made = mask.clone({ memoryFormat: contiguousFormat });
  if (indices) made.view([-1]).indexPut_([indices], 0);
  return made;
}

abstract class Unstructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  constructor(
    readonly amount: Real,
    options: ImportanceOptions = {},
  ) {
    requireNames(new.target, options, importanceNames);
    super();
    requireAmount(amount);
  }

  protected abstract chosen(t: Tensor, count: number): Tensor;

  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel());
    return scope(() => without(defaultMask, count === 0 ? null : this.chosen(t, count)));
  }
}

/** Elements drawn from the default generator. */
export class RandomUnstructured extends Unstructured {
  protected override chosen(t: Tensor, count: number): Tensor {
    return aten.topk(aten.randLike(t).view([-1]), count)[1];
  }
}

/** The elements that are smallest in absolute value. */
export class L1Unstructured extends Unstructured {
  protected override chosen(t: Tensor, count: number): Tensor {
    return aten.topk(t.abs().view([-1]), count, { largest: false })[1];
  }
}

interface StructuredOptions extends ImportanceOptions {
  dim?: number;
}

abstract class Structured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';
  readonly dim: number;

  constructor(
    readonly amount: Real,
    options: StructuredOptions,
  ) {
    requireNames(new.target, options, { ...importanceNames, dim: true });
    const { dim = -1 } = options;
    super();
    requireAmount(amount);
    this.dim = dim;
  }

  /** The channels that stay: a mask, or their indices. */
  protected abstract kept(t: Tensor, dim: number, count: number): Tensor;

  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const dim = prunedDim(t, this.dim);
    const count = countOf(this.amount, t.size(dim));
    return scope(() => {
      if (count === 0) return defaultMask;
      const kept = this.kept(t, dim, count);
      const places = t.shape.map((_, d) => (d === dim ? kept : slice(null)));
      const mask = aten.zerosLike(t).indexPut_(places, 1);
      return mask.mul_(defaultMask.to(mask.dtype));
    });
  }
}

/** Channels drawn from the default generator. */
export class RandomStructured extends Structured {
  constructor(amount: Real, options: StructuredOptions = {}) {
    super(amount, options);
  }

  protected override kept(t: Tensor, dim: number, count: number): Tensor {
    const draws = aten.rand([t.size(dim)]);
    return draws.gt(aten.kthvalue(draws, count)[0]).to(t.device);
  }
}

/** The channels whose n-norm is smallest. */
export class LnStructured extends Structured {
  constructor(
    amount: Real,
    readonly n: number | 'fro' | 'nuc',
    options: StructuredOptions = {},
  ) {
    super(amount, options);
  }

  protected override kept(t: Tensor, dim: number, count: number): Tensor {
    const others = t.shape.map((_, d) => d).filter((d) => d !== dim);
    const lengths = norm(t, { p: this.n, dim: others });
    return aten.topk(lengths, t.size(dim) - count, { largest: true })[1];
  }
}

/** A mask that is given. */
export class CustomFromMask extends BasePruningMethod {
  readonly PRUNING_TYPE = 'global';

  constructor(readonly mask: Tensor) {
    super();
  }

  override computeMask(_t: Tensor, defaultMask: Tensor): Tensor {
    const [wanted, got] = [sizeText(defaultMask.shape), sizeText(this.mask.shape)];
    if (wanted !== got) {
      throw new TorchError(`default_mask shape ${wanted} must match self.mask shape ${got}`);
    }
    return scope(() => defaultMask.mul(this.mask.to(defaultMask.dtype)));
  }
}

export { PruningIdentity as Identity };
