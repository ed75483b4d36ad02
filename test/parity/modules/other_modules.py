"""Samples of the modules that PyTorch's own table leaves out, in its form."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
from torch.testing._internal.common_modules import FunctionInput, ModuleInput

real = (torch.float32, torch.float64)


class Other:
    module_error_inputs_func = None

    def __init__(self, module_cls, samples, dtypes=real):
        self.module_cls, self.dtypes = module_cls, dtypes
        self._samples = samples

    def module_inputs_func(self, _info, device, dtype, requires_grad, training):
        def x(*shape):
            return torch.randn(*shape, dtype=dtype, requires_grad=requires_grad)

        return [ModuleInput(FunctionInput(*a, **k), forward) for (a, k), forward in self._samples(x)]


def new(*args, **kwargs):
    return args, kwargs


given = FunctionInput


def over(shape, *constructions):
    return lambda x: [(construction, given(x(*shape))) for construction in constructions]


def dropouts(*shape):
    return over(shape, new(), new(0.2), new(0.7, inplace=True), new(0), new(1.0))


def unpooling(dims):
    pool = {1: nn.functional.max_pool1d, 2: nn.functional.max_pool2d, 3: nn.functional.max_pool3d}[dims]

    def samples(x):
        image = x(2, 3, *[7] * dims)
        pooled, places = (part.detach() for part in pool(image, 2, return_indices=True))
        pooled.requires_grad_()
        yield new(2), given(pooled, places, output_size=[7] * dims)
        yield new(2, stride=2, padding=0), given(pooled, places)

    return samples


def bags(x):
    index, offsets = torch.tensor([1, 2, 4, 5, 4, 3, 2, 9]), torch.tensor([0, 4])
    weights = x(8)
    yield new(10, 3), given(index, offsets)
    yield new(10, 3, mode="sum", padding_idx=2), given(index, offsets, weights)
    yield new(10, 3, mode="max", include_last_offset=True), given(index, torch.tensor([0, 4, 8]))
    yield new(10, 3, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True), given(index.view(2, 4))
    yield new(10, 3, padding_idx=-1), given(index.view(2, 4))


def embeddings(x):
    index = torch.tensor([[1, 2], [9, 2]])
    yield new(10, 3, padding_idx=2), given(index)
    yield new(10, 3, padding_idx=-1, max_norm=0.5, norm_type=1), given(index)
    yield new(10, 3, scale_grad_by_freq=True), given(index)
    yield new(10, 3, padding_idx=10), given(index)
    yield new(10, 3, _weight=x(10, 3).detach(), _freeze=True), given(index)


def packed(size, dims):
    def samples(x):
        for kwargs in ({}, {"dropout": 0.5, "bidirectional": True}, {"bias": False}):
            for order in (torch.tensor([5, 3, 1]), torch.tensor([1, 5, 3])):
                batch = x(5, 3, 4).detach()
                sequence = pack_padded_sequence(batch, order, enforce_sorted=False)
                yield new(4, size, 2, **kwargs), given(sequence)
                depth = 4 if kwargs.get("bidirectional") else 2
                state = x(depth, 3, size) if dims == 1 else (x(depth, 3, size), x(depth, 3, size))
                yield new(4, size, 2, **kwargs), given(sequence, state)

    return samples


def cells(count):
    def samples(x):
        for bias in (True, False):
            yield new(4, 3, bias=bias), given(x(2, 4))
            state = x(2, 3) if count == 1 else (x(2, 3), x(2, 3))
            yield new(4, 3, bias=bias), given(x(2, 4), state)

    return samples


def transposed(dims, cls_shape):
    def samples(x):
        image = x(2, 4, *cls_shape)
        size = [2 * length + 1 for length in cls_shape]
        yield new(4, 6, 3, stride=2, groups=2), given(image, output_size=[s + 1 for s in size])
        yield new(4, 6, 3, 2, 1, 1, bias=False, dilation=2), given(image)
        yield new(4, 6, 3, stride=2), given(image, output_size=[50] * dims)
        yield new(4, 6, 3, padding_mode="reflect"), given(image)

    return samples


def attention(x):
    q, k, v = x(5, 2, 8), x(6, 2, 4), x(6, 2, 6)
    yield new(8, 2, dropout=0.3, kdim=4, vdim=6), given(q, k, v)
    yield new(8, 2, dropout=0.3, add_bias_kv=True, add_zero_attn=True), given(q, q, q)
    yield new(8, 2, batch_first=True), given(q, q, q, average_attn_weights=False)
    mask = nn.Transformer.generate_square_subsequent_mask(5).to(q.dtype)
    yield new(8, 2), given(q, q, q, attn_mask=mask, is_causal=True, need_weights=False)
    yield new(8, 3), given(q, q, q)


def decoders(x):
    for kwargs in ({"batch_first": True}, {"norm_first": True, "dropout": 0.0}, {"activation": "gelu"}):
        yield new(nn.TransformerDecoderLayer(8, 2, 16, **kwargs), 2), given(x(3, 5, 8), x(3, 5, 8))


def transformers(x):
    mask = nn.Transformer.generate_square_subsequent_mask(4).to(x(1).dtype)
    sizes = {"d_model": 8, "nhead": 2, "num_encoder_layers": 2, "num_decoder_layers": 2, "dim_feedforward": 16}
    yield new(**sizes), given(x(4, 2, 8), x(4, 2, 8), src_mask=mask, tgt_mask=mask)
    yield new(**sizes, activation="gelu", batch_first=True), given(x(2, 4, 8), x(2, 4, 8), tgt_mask=mask)
    padding = torch.tensor([[False, False, True, True], [False, False, False, False]])
    yield new(**sizes, batch_first=True), given(x(2, 4, 8), x(2, 4, 8), src_key_padding_mask=padding)
    yield new(**sizes), given(x(4, 2, 8), x(4, 3, 8))


def clusters(x):
    for cutoffs in ([5, 9], [2]):
        yield new(8, 12, cutoffs), given(x(4, 8), torch.tensor([0, 11, 6, 3]))
        yield new(8, 12, cutoffs, div_value=2.0, head_bias=True), given(x(8), torch.tensor(7))
        yield new(8, 12, cutoffs), given(x(4, 8), torch.tensor([0, 12, 6, 3]))
    yield new(8, 12, [9, 5]), given(x(4, 8), torch.tensor([0, 11, 6, 3]))


def crossed(x):
    for kwargs in ({"size": 3}, {"size": 2, "alpha": 0.5, "beta": 0.5, "k": 2.0}, {"size": 9}, {"size": 1, "k": 1.5}):
        yield new(**kwargs), given(x(2, 7, 3, 4))
    yield new(3), given(x(2, 1, 3, 4))
    yield new(3), given(x(7, 3, 4))


def images(x):
    target = torch.randint(3, (2, 4, 5))
    for kwargs in ({}, {"weight": x(3).detach().abs(), "ignore_index": 1}, {"reduction": "none"}, {"reduction": "sum"}):
        yield new(**kwargs), given(x(2, 3, 4, 5).log_softmax(1).detach().requires_grad_(), target)


def lazies(channels, *shape):
    return over(shape, new(), new(affine=False), new(track_running_stats=False, eps=0.01), new(bias=False))


other_modules = [
    *[Other(cls, dropouts(3, 4)) for cls in (nn.Dropout, nn.Dropout1d, nn.AlphaDropout, nn.FeatureAlphaDropout)],
    Other(nn.Dropout2d, dropouts(2, 3, 4, 5)),
    Other(nn.Dropout3d, dropouts(2, 3, 4, 5, 2)),
    Other(nn.Hardsigmoid, over((3, 4), new(), new(inplace=True))),
    Other(nn.RReLU, over((3, 4), new(), new(0.1, 0.2), new(inplace=True))),
    Other(nn.Hardtanh, over((3, 4), new(-2, 3), new(-2.0, 3.5, inplace=True), new(2, 1))),
    Other(nn.Threshold, over((3, 4), new(1, 20), new(0.1, 2.0, inplace=True))),
    *[Other(cls, over((3, 4), new(inplace=True))) for cls in (nn.ReLU6, nn.SELU, nn.Hardswish, nn.SiLU, nn.Mish)],
    *[Other(cls, over((3, 4), new(0.3, inplace=True), new(2))) for cls in (nn.ELU, nn.CELU, nn.LeakyReLU)],
    Other(nn.PixelShuffle, over((1, 8, 2, 3), new(2), new(3))),
    Other(nn.PixelUnshuffle, over((1, 2, 4, 6), new(2))),
    Other(nn.ChannelShuffle, over((1, 4, 2, 2), new(2))),
    Other(
        nn.Upsample,
        over(
            (1, 2, 4, 5),
            new(scale_factor=2),
            new((7, 9), mode="bilinear"),
            new(8, mode="bicubic", align_corners=True),
            new(scale_factor=(1.5, 2), mode="area"),
            new(scale_factor=1.3, mode="bilinear", recompute_scale_factor=True),
            new(),
        ),
    ),
    Other(nn.UpsamplingNearest2d, over((1, 2, 4, 5), new(7), new(scale_factor=2))),
    Other(nn.UpsamplingBilinear2d, over((1, 2, 4, 5), new((7, 3)), new(scale_factor=2))),
    Other(nn.Fold, over((1, 12, 12), new((4, 5), (2, 2)), new(5, 2, dilation=2, padding=1))),
    Other(nn.Unfold, over((1, 3, 4, 5), new((2, 3)), new(2, dilation=2, padding=1, stride=2))),
    Other(nn.Flatten, over((2, 3, 4), new(), new(0, 1))),
    Other(nn.Unflatten, over((2, 12), new(1, (3, 4)), new(-1, (2, -1)), new(1, (5, 5)))),
    Other(nn.Identity, over((2, 3), new())),
    Other(nn.CrossMapLRN2d, crossed),
    Other(nn.NLLLoss2d, images),
    Other(nn.EmbeddingBag, bags),
    Other(nn.Embedding, embeddings),
    Other(nn.MaxUnpool1d, unpooling(1)),
    Other(nn.MaxUnpool2d, unpooling(2)),
    Other(nn.MaxUnpool3d, unpooling(3)),
    Other(nn.MaxPool2d, over((1, 2, 6, 6), new(2, return_indices=True), new((3, 2), ceil_mode=True, padding=1))),
    Other(nn.AdaptiveMaxPool2d, over((1, 2, 6, 6), new(2, return_indices=True), new((3, None)))),
    Other(nn.PairwiseDistance, lambda x: [(new(**k), given(x(3, 4), x(3, 4))) for k in ({}, {"p": 1, "keepdim": True})]),
    Other(nn.CosineSimilarity, lambda x: [(new(**k), given(x(3, 4), x(3, 4))) for k in ({}, {"dim": 0, "eps": 0.1})]),
    *[
        Other(cls, lambda x: [(new(**k), given(x(3, 4), x(3, 4), x(3, 4))) for k in ({}, {"margin": 0.5, "swap": True}, {"margin": 0})])
        for cls in (nn.TripletMarginLoss, nn.TripletMarginWithDistanceLoss)
    ],
    Other(nn.LazyLinear, over((2, 3), new(4), new(4, bias=False))),
    Other(nn.LazyBatchNorm1d, lazies(3, 4, 3, 5)),
    Other(nn.LazyBatchNorm2d, lazies(3, 2, 3, 4, 5)),
    Other(nn.LazyBatchNorm3d, lazies(3, 2, 3, 2, 4, 5)),
    Other(nn.LazyInstanceNorm1d, lazies(3, 2, 3, 5)),
    Other(nn.LazyInstanceNorm2d, lazies(3, 2, 3, 4, 5)),
    Other(nn.LazyInstanceNorm3d, lazies(3, 2, 3, 2, 4, 5)),
    Other(nn.InstanceNorm2d, over((2, 3, 4, 4), new(3, affine=True, bias=False), new(4), new(4, affine=True))),
    Other(nn.SyncBatchNorm, over((2, 3, 4, 4), new(3), new(3, momentum=None))),
    Other(nn.ConvTranspose1d, transposed(1, [5])),
    Other(nn.ConvTranspose2d, transposed(2, [5, 4])),
    Other(nn.ConvTranspose3d, transposed(3, [3, 4, 2])),
    Other(nn.RNN, packed(3, 1)),
    Other(nn.GRU, packed(3, 1)),
    Other(nn.LSTM, packed(3, 2)),
    Other(nn.RNNCell, cells(1)),
    Other(nn.GRUCell, cells(1)),
    Other(nn.LSTMCell, cells(2)),
    Other(nn.MultiheadAttention, attention),
    Other(nn.TransformerDecoder, decoders),
    Other(nn.Transformer, transformers),
    Other(nn.AdaptiveLogSoftmaxWithLoss, clusters),
]
