import * as torch from 'libtorch-node';

/** The functions of nn.functional that no layer's test goes through in this form, and those that opinfo has not. */
export function functional() {
  const F = torch.nn.functional;
  const x = torch.randn([2, 3, 6, 7]);
  const w = torch.randn([6, 1, 3, 3]);
  const b = torch.randn([6]);
  return {
    conv2d: F.conv2d(x, w, { bias: b, stride: [2, 1], padding: 1, groups: 3 }),
    same: F.conv2d(x, w, { padding: 'same', dilation: 2, groups: 3 }),
    linear: F.linear(x, torch.randn([4, 7])),
    relu: F.relu(x),
    dropout: F.dropout(x),
    dropoutEval: F.dropout(x, { p: 0.9, training: false }),
    maxPool2d: F.maxPool2d(x, [3, 2], { ceilMode: true }),
    adaptiveAvgPool2d: F.adaptiveAvgPool2d(x, [null, 2]),
    batchNorm: F.batchNorm(x, null, null, { training: true }),
    batchNormEval: F.batchNorm(x, torch.randn([3]), torch.rand([3]), { weight: torch.randn([3]), eps: 1e-3 }),
    softmax: F.softmax(x, 1),
    softmaxDouble: F.softmax(x, -1, { dtype: torch.float64 }),
    logSoftmax: F.logSoftmax(x, 1),
    crossEntropy: F.crossEntropy(x, x.softmax(1), { labelSmoothing: 0.1 }),
    nllLoss: F.nllLoss(x.logSoftmax(1), torch.randint(3, [2, 6, 7]), { reduction: 'sum', ignoreIndex: 1 }),
    pad: F.pad(x, [1, 2, 0, 1], { value: 0.5 }),
    padReflect: F.pad(x, [1, 2, 0, 1], { mode: 'reflect' }),
    padCircular: F.pad(x, [1, 2, 0, 1], { mode: 'circular' }),
    affineGrid: F.affineGrid(torch.randn([2, 2, 3]), [2, 3, 4, 5], { alignCorners: false }),
    convTbc: F.convTbc(torch.randn([5, 2, 3]), torch.randn([3, 3, 4]), torch.randn([4]), 1),
    dropout1d: F.dropout1d(torch.randn([3, 8]), { p: 0.4 }),
    fold: F.fold(F.unfold(x, [2, 3], { padding: 1 }), [6, 7], [2, 3], { padding: 1 }),
    gumbelSoftmax: F.gumbelSoftmax(x, { tau: 0.7 }),
    gumbelSoftmaxHard: F.gumbelSoftmax(x, { hard: true, dim: 1 }),
    lpPool1d: F.lpPool1d(x.index(0), 2, 3, { ceilMode: true }),
    lpPool2d: F.lpPool2d(x, 1.5, [2, 3], { stride: 1 }),
    lpPool2dInfinite: F.lpPool2d(x, -Infinity, 2),
    lpPool3d: F.lpPool3d(x, 3, 2),
    nativeChannelShuffle: F.nativeChannelShuffle(torch.randn([1, 4, 2, 2]), 2),
    oneHot: F.oneHot(torch.randint(4, [2, 3])),
    upsample: F.upsample(x, { scaleFactor: 2 }),
    relu_: F.relu_(x.clone()),
    elu_: F.elu_(x.clone(), { alpha: 0.7 }),
    celu_: F.celu_(x.clone(), { alpha: 0.7 }),
    selu_: F.selu_(x.clone()),
    leakyRelu_: F.leakyRelu_(x.clone(), { negativeSlope: 0.2 }),
    hardtanh_: F.hardtanh_(x.clone(), { minVal: -0.5, maxVal: 0.3 }),
    threshold_: F.threshold_(x.clone(), 0.1, 20),
    rrelu_: F.rrelu_(x.clone(), { training: true }),
    maxPool1dWithIndices: F.maxPool1dWithIndices(x.index(0), 3, { stride: 2 }),
    maxPool2dWithIndices: F.maxPool2dWithIndices(x, [2, 3], { padding: [1, 0] }),
    maxPool3dWithIndices: F.maxPool3dWithIndices(x, 2, { ceilMode: true }),
    adaptiveMaxPool1dWithIndices: F.adaptiveMaxPool1dWithIndices(x.index(0), 3),
    adaptiveMaxPool2dWithIndices: F.adaptiveMaxPool2dWithIndices(x, [null, 2]),
    adaptiveMaxPool3dWithIndices: F.adaptiveMaxPool3dWithIndices(x, 2),
    fractionalMaxPool2dWithIndices: F.fractionalMaxPool2dWithIndices(x, 2, { outputSize: [3, 3] }),
    fractionalMaxPool3dWithIndices: F.fractionalMaxPool3dWithIndices(x, 2, { outputRatio: 0.5 }),
    groupedMm: F.groupedMm(half([2, 8, 16]), half([2, 16, 8])),
    scaledMm: F.scaledMm(...scaled()),
    scaledGroupedMm: refusal(() => F.scaledGroupedMm(...scaled())),
  };
}

const half = (sizes: number[]) => torch.randn(sizes).to(torch.bfloat16);

type Scaled = Parameters<typeof torch.nn.functional.scaledMm>;

function scaled(): Scaled {
  const [a, b] = [torch.randn([16, 32]), torch.randn([16, 32])].map((x) => x.to(torch.float8_e4m3fn));
  const [scale, { TensorWise }] = [torch.tensor([1.5]).squeeze(), torch.nn.functional.ScalingType];
  return [a as torch.Tensor, (b as torch.Tensor).t(), scale, TensorWise, scale, TensorWise];
}

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message.split(' ', 6).join(' ');
  }
  return 'no error';
}
