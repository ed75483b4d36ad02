import { TorchError } from './errors.js';

/** Where a tensor lives (torch.device): `cpu`, `cuda`, `cuda:1`, `meta`. */
export class Device {
  constructor(
    readonly type: string,
    /** null: the current device of this type. */
    readonly index: number | null = null,
  ) {
    Object.freeze(this);
  }

  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const index = this.index === null ? '' : `, index=${this.index}`;
    return `device(type='${this.type}'${index})`;
  }
}

export type DeviceLike = Device | string;

/** `device('cuda:0')`, `device('cuda', 0)`. Throws TorchError for a text that is no device. */
export function device(name: DeviceLike, index: number | null = null): Device {
  if (name instanceof Device) return name;
  const match = /^([a-z_]+)(?::(0|[1-9]\d*))?$/.exec(name);
  if (!match || (match[2] !== undefined && index !== null)) {
    throw new TorchError(`Invalid device string: '${name}'`);
  }
  return new Device(match[1] as string, match[2] === undefined ? index : Number(match[2]));
}
