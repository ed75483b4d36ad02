/** How a quantized tensor's numbers map to integers (torch.qscheme). */
export class QScheme {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }

  toString(): string {
    return `torch.${this.name}`;
  }
}

// In the order of c10::QScheme, which `tensor.qscheme()` answers with.
export const qschemes: readonly QScheme[] = [
  'per_tensor_affine',
  'per_channel_affine',
  'per_tensor_symmetric',
  'per_channel_symmetric',
  'per_channel_affine_float_qparams',
].map((name) => new QScheme(name));
