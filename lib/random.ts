import { type DeviceLike, device as deviceOf } from './device.js';
import { type Anchor, native } from './native.js';
import { requireHandle, type Tensor, wrap } from './tensor.js';

/** As torch.manual_seed reads it: a negative seed counts from 2^64. */
export function seedBits(seed: number | bigint): bigint {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new TypeError(`a seed must be an integer, not ${seed}`);
  }
  const value = BigInt(seed);
  if (value < -(1n << 63n) || value >= 1n << 64n) {
    throw new RangeError(
      `Overflow when unpacking unsigned long long: the seed ${value} has more than 64 bits`,
    );
  }
  return BigInt.asUintN(64, value);
}

const isDefault = Symbol('the default generator');

/** A source of random numbers (torch.Generator). The default one is per process; others belong to their thread. */
export class Generator {
  readonly device;
  /** Where native code keeps it. */
  readonly index: number;
  readonly #anchor: Anchor | undefined;

  constructor(device: DeviceLike | typeof isDefault = 'cpu') {
    this.device = deviceOf(device === isDefault ? 'cpu' : device);
    const made =
      device === isDefault ? { index: 0, anchor: undefined } : native.newGenerator(`${this.device}`);
    this.index = made.index;
    this.#anchor = made.anchor;
    void this.#anchor; // never read: the generator lives as long as this object holds it
  }

  manualSeed(seed: number | bigint): this {
    native.seedGenerator(this.index, seedBits(seed));
    return this;
  }

  /** Seeds from the operating system; answers with the seed. */
  seed(): bigint {
    return native.reseedGenerator(this.index);
  }

  initialSeed(): bigint {
    return native.initialSeed(this.index);
  }

  /** The state as uint8, the bytes of torch.Generator.get_state(). */
  getState(): Tensor {
    return wrap(native.generatorState(this.index));
  }

  setState(state: Tensor): void {
    native.setGeneratorState(this.index, requireHandle(state, 'state'));
  }
}

/** The generator that is used where none is given; all threads of the process share it. */
export const defaultGenerator = new Generator(isDefault);

/** Seeds the default generator of every device (torch.manual_seed). */
export function manualSeed(seed: number | bigint): Generator {
  native.seedAll(seedBits(seed));
  return defaultGenerator;
}

export function initialSeed(): bigint {
  return defaultGenerator.initialSeed();
}

/** The default generator's state (torch.get_rng_state). */
export function getRngState(): Tensor {
  return defaultGenerator.getState();
}

export function setRngState(state: Tensor): void {
  defaultGenerator.setState(state);
}
