/** How a tensor is laid out in memory (torch.layout). */
export class Layout {
  declare protected readonly nominal: 'layout';

  constructor(
    readonly name: string,
    /** c10::Layout. */
    readonly code: number,
  ) {
    Object.freeze(this);
  }

  toString(): string {
    return `torch.${this.name}`;
  }
}

export const strided = new Layout('strided', 0);
export const sparseCoo = new Layout('sparse_coo', 1);
export const sparseCsr = new Layout('sparse_csr', 2);
export const mkldnn = new Layout('_mkldnn', 3);
export const sparseCsc = new Layout('sparse_csc', 4);
export const sparseBsr = new Layout('sparse_bsr', 5);
export const sparseBsc = new Layout('sparse_bsc', 6);
export const jagged = new Layout('jagged', 7);

const layouts = [strided, sparseCoo, sparseCsr, mkldnn, sparseCsc, sparseBsr, sparseBsc, jagged];

export function layoutOf(code: number): Layout {
  return layouts[code] ?? new Layout(`layout${code}`, code);
}
