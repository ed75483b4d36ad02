import * as torch from 'libtorch-node';

export interface AlignParams {
  /** In float32 elements: how far behind an aligned address the input begins. */
  offsets: number[];
}

/** The last layer of Xception, for 4 classes. */
export function weightAndInput(): { weight: torch.Tensor; input: torch.Tensor } {
  return { weight: torch.randn([4, 2048]), input: torch.randn([10, 2048]) };
}

/** The same product with the same input at different addresses. */
export function align({ offsets }: AlignParams) {
  const { weight, input } = weightAndInput();
  const products = offsets.map((offset) => {
    const moved = torch
      .empty([input.numel() + 64])
      .narrow(0, offset, input.numel())
      .view(input.shape);
    return torch.nn.functional.linear(moved.copy_(input), weight);
  });
  return { products };
}
