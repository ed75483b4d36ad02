import * as torch from 'libtorch-node';

export interface AlignParams {
  /** In float32 elements: how far behind an aligned address the weight begins. */
  offsets: number[];
}

const shape = [4, 2048];

export function weightAndInput(): { weight: torch.Tensor; input: torch.Tensor } {
  return { weight: torch.randn(shape), input: torch.randn([10, 2048]) };
}

/** The same product with the same weight at different addresses. */
export function align({ offsets }: AlignParams) {
  const { weight, input } = weightAndInput();
  const products = offsets.map((offset) => {
    const moved = torch.empty([weight.numel() + 64]).narrow(0, offset, weight.numel()).view(shape);
    return torch.nn.functional.linear(input, moved.copy_(weight));
  });
  return { products };
}
