import * as torch from 'libtorch-node';

export interface DrawParams {
  device: string;
}

/** What the device's default generator and one of its own give. */
export function draw({ device }: DrawParams) {
  const generator = new torch.Generator(device).manualSeed(7);
  const on = { device };
  const ones = torch.ones([40, 50], on);
  const drawn = {
    rand: torch.rand([1000], on),
    randn: torch.randn([33, 77], on),
    double: torch.randn([501], { ...on, dtype: torch.float64 }),
    half: torch.rand([129], { ...on, dtype: torch.float16 }),
    randint: torch.randint(-5, 1000, [300], on),
    randperm: torch.randperm(5000, on),
    bernoulli: ones.mul(0.3).bernoulli(),
    multinomial: torch.rand([7, 20], on).multinomial(5),
    normal: ones.clone().normal_(2, 3),
    exponential: ones.clone().exponential_(),
    geometric: ones.clone().geometric_(0.2),
    dropout: torch.nn.functional.dropout(ones, { p: 0.4 }),
    alpha: torch.nn.functional.alphaDropout(ones, { p: 0.4, training: true }),
    own: torch.rand([100], { ...on, generator }),
    ownNormal: ones.clone().normal_(0, 1, { generator }),
  };
  return { ...drawn, state: generator.getState() };
}
