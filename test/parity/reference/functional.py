import torch
import torch.nn.functional as F


def run():
    x = torch.randn(2, 3, 6, 7)
    w = torch.randn(6, 1, 3, 3)
    b = torch.randn(6)
    return {
        "conv2d": F.conv2d(x, w, b, stride=(2, 1), padding=1, groups=3),
        "same": F.conv2d(x, w, padding="same", dilation=2, groups=3),
        "linear": F.linear(x, torch.randn(4, 7)),
        "relu": F.relu(x),
        "dropout": F.dropout(x),
        "dropoutEval": F.dropout(x, 0.9, training=False),
        "maxPool2d": F.max_pool2d(x, (3, 2), ceil_mode=True),
        "adaptiveAvgPool2d": F.adaptive_avg_pool2d(x, (None, 2)),
        "batchNorm": F.batch_norm(x, None, None, training=True),
        "batchNormEval": F.batch_norm(x, torch.randn(3), torch.rand(3), torch.randn(3), eps=1e-3),
        "softmax": F.softmax(x, 1),
        "softmaxDouble": F.softmax(x, -1, dtype=torch.float64),
        "logSoftmax": F.log_softmax(x, 1),
        "crossEntropy": F.cross_entropy(x, x.softmax(1), label_smoothing=0.1),
        "nllLoss": F.nll_loss(x.log_softmax(1), torch.randint(3, (2, 6, 7)), reduction="sum", ignore_index=1),
        "pad": F.pad(x, (1, 2, 0, 1), value=0.5),
        "padReflect": F.pad(x, (1, 2, 0, 1), mode="reflect"),
        "padCircular": F.pad(x, (1, 2, 0, 1), mode="circular"),
        "affineGrid": F.affine_grid(torch.randn(2, 2, 3), [2, 3, 4, 5], align_corners=False),
        "convTbc": F.conv_tbc(torch.randn(5, 2, 3), torch.randn(3, 3, 4), torch.randn(4), 1),
        "dropout1d": F.dropout1d(torch.randn(3, 8), 0.4),
        "fold": F.fold(F.unfold(x, (2, 3), padding=1), (6, 7), (2, 3), padding=1),
        "gumbelSoftmax": F.gumbel_softmax(x, 0.7),
        "gumbelSoftmaxHard": F.gumbel_softmax(x, hard=True, dim=1),
        "lpPool1d": F.lp_pool1d(x[0], 2, 3, ceil_mode=True),
        "lpPool2d": F.lp_pool2d(x, 1.5, (2, 3), stride=1),
        "lpPool2dInfinite": F.lp_pool2d(x, float("-inf"), 2),
        "lpPool3d": F.lp_pool3d(x, 3, 2),
        "nativeChannelShuffle": F.native_channel_shuffle(torch.randn(1, 4, 2, 2), 2),
        "oneHot": F.one_hot(torch.randint(4, (2, 3))),
        "upsample": F.upsample(x, scale_factor=2),
        "relu_": F.relu_(x.clone()),
        "elu_": F.elu_(x.clone(), 0.7),
        "celu_": F.celu_(x.clone(), 0.7),
        "selu_": F.selu_(x.clone()),
        "leakyRelu_": F.leaky_relu_(x.clone(), 0.2),
        "hardtanh_": F.hardtanh_(x.clone(), -0.5, 0.3),
        "threshold_": F.threshold_(x.clone(), 0.1, 20),
        "rrelu_": F.rrelu_(x.clone(), training=True),
        "maxPool1dWithIndices": list(F.max_pool1d_with_indices(x[0], 3, stride=2)),
        "maxPool2dWithIndices": list(F.max_pool2d_with_indices(x, (2, 3), padding=(1, 0))),
        "maxPool3dWithIndices": list(F.max_pool3d_with_indices(x, 2, ceil_mode=True)),
        "adaptiveMaxPool1dWithIndices": list(F.adaptive_max_pool1d_with_indices(x[0], 3)),
        "adaptiveMaxPool2dWithIndices": list(F.adaptive_max_pool2d_with_indices(x, (None, 2))),
        "adaptiveMaxPool3dWithIndices": list(F.adaptive_max_pool3d_with_indices(x, 2)),
        "fractionalMaxPool2dWithIndices": list(F.fractional_max_pool2d_with_indices(x, 2, output_size=(3, 3))),
        "fractionalMaxPool3dWithIndices": list(F.fractional_max_pool3d_with_indices(x, 2, output_ratio=0.5)),
        "groupedMm": F.grouped_mm(half(2, 8, 16), half(2, 16, 8)),
        "scaledMm": F.scaled_mm(*scaled()),
        "scaledGroupedMm": refusal(lambda: F.scaled_grouped_mm(*scaled())),
    }


def half(*sizes):
    return torch.randn(*sizes).bfloat16()


def scaled():
    a, b = (torch.randn(16, 32).to(torch.float8_e4m3fn) for _ in range(2))
    scale, tensorwise = torch.tensor(1.5), F.ScalingType.TensorWise
    return a, b.t(), scale, tensorwise, scale, tensorwise


def refusal(call):
    try:
        call()
    except Exception as error:
        return " ".join(str(error).split(" ")[:6])
    return "no error"
