/** The order of a dense tensor's dimensions in memory (torch.memory_format). */
export class MemoryFormat {
  declare protected readonly nominal: 'memory format';

  constructor(
    readonly name: string,
    /** c10::MemoryFormat. */
    readonly code: number,
  ) {
    Object.freeze(this);
  }

  toString(): string {
    return `torch.${this.name}`;
  }
}

export const contiguousFormat = new MemoryFormat('contiguous_format', 0);
export const preserveFormat = new MemoryFormat('preserve_format', 1);
export const channelsLast = new MemoryFormat('channels_last', 2);
export const channelsLast3d = new MemoryFormat('channels_last_3d', 3);
