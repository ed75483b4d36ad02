"""Neural style: an image fitted by LBFGS through a frozen VGG, whose features forward hooks collect, to Gram matrices."""

import torch
import torch.nn as nn
import torch.nn.functional as F

cfg = [8, 8, "M", 16, 16, "M", 24]
content_layers, style_layers = ["conv_4"], ["conv_1", "conv_2", "conv_3"]


def make_layers():
    layers, in_channels = [], 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            layers += [nn.Conv2d(in_channels, v, kernel_size=3, padding=1), nn.ReLU(inplace=False)]
            in_channels = v
    return nn.Sequential(*layers)


class Normalization(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.mean = mean.clone().detach().view(-1, 1, 1)
        self.std = std.clone().detach().view(-1, 1, 1)

    def forward(self, img):
        return (img - self.mean) / self.std


def gram_matrix(input):
    a, b, c, d = input.size()
    features = input.view(a * b, c * d)
    return torch.mm(features, features.t()).div(a * b * c * d)


def total_variation(img):
    return (img[..., 1:, :] - img[..., :-1, :]).abs().mean() + (img[..., :, 1:] - img[..., :, :-1]).abs().mean()


def run():
    vgg = make_layers().requires_grad_(False).eval()
    normalization = Normalization(torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225]))
    model = nn.Sequential(normalization)
    features, handles, i = {}, [], 0
    for layer in vgg.children():
        if isinstance(layer, nn.Conv2d):
            i += 1
            name = "conv_{}".format(i)
            handles.append(layer.register_forward_hook(lambda m, inputs, output, name=name: features.update({name: output})))
        elif isinstance(layer, nn.ReLU):
            name = "relu_{}".format(i)
        elif isinstance(layer, nn.MaxPool2d):
            name = "pool_{}".format(i)
        model.add_module(name, layer)

    content_img, style_img = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)
    model(content_img)
    content_targets = {name: features[name].detach() for name in content_layers}
    model(style_img)
    style_targets = {name: gram_matrix(features[name]).detach() for name in style_layers}

    input_img = content_img.clone().contiguous(memory_format=torch.contiguous_format).requires_grad_(True)
    optimizer = torch.optim.LBFGS([input_img], lr=0.9, max_iter=5)
    log = []
    for _ in range(3):

        def closure():
            with torch.no_grad():
                input_img.clamp_(0, 1)
            optimizer.zero_grad()
            model(input_img)
            style_score = sum(F.mse_loss(gram_matrix(features[n]), style_targets[n]) for n in style_layers)
            content_score = sum(F.mse_loss(features[n], content_targets[n]) for n in content_layers)
            loss = style_score * 1e4 + content_score + total_variation(input_img)
            loss.backward()
            log.append(loss.item())
            return loss

        optimizer.step(closure)
    with torch.no_grad():
        input_img.clamp_(0, 1)
    for handle in handles:
        handle.remove()
    return {
        "log": log,
        "image": input_img,
        "frozen": [p.grad for p in vgg.parameters()],
        "printed": str(model),
        "optimizer": optimizer.state_dict(),
    }
