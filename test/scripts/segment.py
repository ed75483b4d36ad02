"""Segmentation: a U-Net with skips, interpolation, ignored pixels, a dice loss, IoU, deep supervision by a ModuleDict."""

import torch
import torch.nn as nn
import torch.nn.functional as F

num_classes = 3


class DoubleConv(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        super().__init__(
            nn.Conv2d(in_channels, out_channels, 3, padding="same", bias=False),
            nn.InstanceNorm2d(out_channels, affine=True),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, padding="same", dilation=2),
            nn.ELU(),
        )


class UNet(nn.Module):
    def __init__(self, widths=(6, 12, 24)):
        super().__init__()
        self.downs = nn.ModuleList([DoubleConv(i, o) for i, o in zip((3,) + widths[:-1], widths)])
        self.pool = nn.MaxPool2d(2, ceil_mode=True)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.ups = nn.ModuleList()
        for low, high in zip(widths[:0:-1], widths[-2::-1]):
            self.ups.append(DoubleConv(low + high, high))
        self.heads = nn.ModuleDict({"out": nn.Conv2d(widths[0], num_classes, 1), "aux": nn.Conv2d(widths[-1], num_classes, 1)})
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        size, skips = x.shape[-2:], []
        for down in self.downs:
            x = down(x if not skips else self.pool(x))
            skips.append(x)
        aux = F.interpolate(self.heads["aux"](x), size=size, mode="nearest")
        for up, skip in zip(self.ups, reversed(skips[:-1])):
            x = self.up(x)
            x = F.pad(x, [0, skip.size(3) - x.size(3), 0, skip.size(2) - x.size(2)])
            x = up(torch.cat([skip, x], dim=1))
        return {"out": self.heads["out"](x), "aux": aux}


def dice_loss(logits, target, smooth=1.0):
    valid = (target != 255).unsqueeze(1)
    probs = logits.softmax(dim=1) * valid
    one_hot = F.one_hot(target.clamp(max=num_classes - 1), num_classes).permute(0, 3, 1, 2).float() * valid
    intersection = (probs * one_hot).sum(dim=(0, 2, 3))
    cardinality = (probs + one_hot).sum(dim=(0, 2, 3))
    return 1 - ((2 * intersection + smooth) / (cardinality + smooth)).mean()


def confusion(target, pred):
    k = (target >= 0) & (target < num_classes)
    return torch.bincount(num_classes * target[k] + pred[k], minlength=num_classes**2).reshape(num_classes, num_classes)


def run():
    images = torch.rand(6, 3, 18, 22)
    masks = torch.randint(num_classes, (6, 18, 22))
    masks[torch.rand(masks.shape) < 0.1] = 255
    model = UNet()
    weight = torch.tensor([0.2, 1.0, 1.5])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    scheduler = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=6, power=0.9)
    losses = []
    for epoch in range(2):
        for x, y in zip(images.split(2), masks.split(2)):
            if epoch == 1:
                x, y = x.flip(-1), y.flip(-1)
            outputs = model(x)
            criterion = {k: F.cross_entropy(v, y, weight=weight, ignore_index=255) for k, v in outputs.items()}
            loss = criterion["out"] + 0.5 * criterion["aux"] + dice_loss(outputs["out"], y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        mat = confusion(masks.flatten(), model(images)["out"].argmax(1).flatten()).float()
        iou = torch.diag(mat) / (mat.sum(1) + mat.sum(0) - torch.diag(mat))
    return {
        "losses": losses,
        "mat": mat,
        "iou": iou,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
    }
