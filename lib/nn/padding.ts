import { ValueError } from '../errors.js';
import { tupleText, valueText } from '../python-text.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { type PaddingMode, pad } from './functional/padding.js';
import { Module } from './module.js';
import { ntuple, type Sizes } from './ntuple.js';

/** Pads the last `dims` dimensions: [left, right, top, bottom, front, back], or one number for every side. */
abstract class Pad extends Module {
  padding: number[];

  constructor(dims: number, padding: Sizes) {
    super();
    this.padding = ntuple(padding, 2 * dims);
  }

  protected padded(input: Tensor, mode: PaddingMode, value?: number): Tensor {
    return pad(input, this.padding, { mode, value });
  }

  override extraRepr(): string {
    return tupleText(this.padding);
  }
}

abstract class CircularPad extends Pad {
  override forward(input: Tensor): Tensor {
    const dims = this.padding.length / 2;
    const [without, batched] = [dims + 1, dims + 2];
    if (input.dim() !== without && input.dim() !== batched) {
      throw new ValueError(`expected ${without}D or ${batched}D input (got ${input.dim()}D input)`);
    }
    return this.padded(input, 'circular');
  }
}

abstract class ReflectionPad extends Pad {
  override forward(input: Tensor): Tensor {
    return this.padded(input, 'reflect');
  }
}

abstract class ReplicationPad extends Pad {
  override forward(input: Tensor): Tensor {
    return this.padded(input, 'replicate');
  }
}

abstract class ConstantPad extends Pad {
  readonly value: Real;

  constructor(dims: number, padding: Sizes, value: Real) {
    super(dims, padding);
    this.value = value;
  }

  override forward(input: Tensor): Tensor {
    return this.padded(input, 'constant', +this.value);
  }

  override extraRepr(): string {
    return `padding=${tupleText(this.padding)}, value=${valueText(this.value)}`;
  }
}

abstract class ZeroPad extends ConstantPad {
  constructor(dims: number, padding: Sizes) {
    super(dims, padding, float(0));
  }

  override extraRepr(): string {
    return tupleText(this.padding);
  }
}

/** Repeats the input around [N, C, L]. */
export class CircularPad1d extends CircularPad {
  constructor(padding: Sizes) {
    super(1, padding);
  }
}

/** Repeats the input around [N, C, H, W]. */
export class CircularPad2d extends CircularPad {
  constructor(padding: Sizes) {
    super(2, padding);
  }
}

/** Repeats the input around [N, C, D, H, W]. */
export class CircularPad3d extends CircularPad {
  constructor(padding: Sizes) {
    super(3, padding);
  }
}

/** Mirrors the input at its border around [N, C, L]. */
export class ReflectionPad1d extends ReflectionPad {
  constructor(padding: Sizes) {
    super(1, padding);
  }
}

/** Mirrors the input at its border around [N, C, H, W]. */
export class ReflectionPad2d extends ReflectionPad {
  constructor(padding: Sizes) {
    super(2, padding);
  }
}

/** Mirrors the input at its border around [N, C, D, H, W]. */
export class ReflectionPad3d extends ReflectionPad {
  constructor(padding: Sizes) {
    super(3, padding);
  }
}

/** Repeats the border around [N, C, L]. */
export class ReplicationPad1d extends ReplicationPad {
  constructor(padding: Sizes) {
    super(1, padding);
  }
}

/** Repeats the border around [N, C, H, W]. */
export class ReplicationPad2d extends ReplicationPad {
  constructor(padding: Sizes) {
    super(2, padding);
  }
}

/** Repeats the border around [N, C, D, H, W]. */
export class ReplicationPad3d extends ReplicationPad {
  constructor(padding: Sizes) {
    super(3, padding);
  }
}

/** Zeros around [N, C, L]. */
export class ZeroPad1d extends ZeroPad {
  constructor(padding: Sizes) {
    super(1, padding);
  }
}

/** Zeros around [N, C, H, W]. */
export class ZeroPad2d extends ZeroPad {
  constructor(padding: Sizes) {
    super(2, padding);
  }
}

/** Zeros around [N, C, D, H, W]. */
export class ZeroPad3d extends ZeroPad {
  constructor(padding: Sizes) {
    super(3, padding);
  }
}

/** A constant around [N, C, L]. */
export class ConstantPad1d extends ConstantPad {
  constructor(padding: Sizes, value: Real) {
    super(1, padding, value);
  }
}

/** A constant around [N, C, H, W]. */
export class ConstantPad2d extends ConstantPad {
  constructor(padding: Sizes, value: Real) {
    super(2, padding, value);
  }
}

/** A constant around [N, C, D, H, W]. */
export class ConstantPad3d extends ConstantPad {
  constructor(padding: Sizes, value: Real) {
    super(3, padding, value);
  }
}
