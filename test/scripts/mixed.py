"""Mixed precision: bfloat16 autocast, GradScaler, mixed images, an exponential average, SWA, warm restarts."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.amp import GradScaler, autocast
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

num_classes = 4


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Conv2d(channels, 4, 1), nn.Hardswish(), nn.Conv2d(4, channels, 1), nn.Hardsigmoid())

    def forward(self, x):
        return x * self.fc(self.pool(x))


def make_model():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.Mish(),
        nn.Conv2d(8, 8, 3, padding=1, groups=4),
        SqueezeExcite(8),
        nn.GroupNorm(2, 8),
        nn.Dropout2d(0.1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, num_classes),
    )


def mixup(images, labels):
    lam = torch.rand(1).item()
    index = torch.randperm(images.size(0))
    targets = F.one_hot(labels, num_classes).float()
    return images * lam + images[index] * (1 - lam), targets * lam + targets[index] * (1 - lam)


def cutmix(images, labels):
    lam, index = 0.75, torch.randperm(images.size(0))
    H, W = images.shape[-2:]
    cut = (1 - lam) ** 0.5
    r_x, r_y = torch.randint(W, (1,)).item(), torch.randint(H, (1,)).item()
    x1, x2 = max(0, r_x - int(W * cut / 2)), min(W, r_x + int(W * cut / 2))
    y1, y2 = max(0, r_y - int(H * cut / 2)), min(H, r_y + int(H * cut / 2))
    images = images.clone()
    images[:, :, y1:y2, x1:x2] = images[index, :, y1:y2, x1:x2]
    lam = 1 - (x2 - x1) * (y2 - y1) / (W * H)
    targets = F.one_hot(labels, num_classes).float()
    return images, targets.mul(lam).add(targets[index], alpha=1 - lam)


def run():
    model = make_model().to(memory_format=torch.channels_last)
    ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9), use_buffers=True)
    swa = AveragedModel(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, betas=(0.9, 0.98))
    scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2, eta_min=1e-4)
    scaler = GradScaler("cpu", init_scale=2.0**24, growth_interval=2)
    images, labels = torch.rand(24, 3, 12, 12), torch.randint(num_classes, (24,))
    images[5] = 1e4
    log = []
    for step in range(6):
        batch = slice(4 * step, 4 * step + 4)
        mix = mixup if step % 2 == 0 else cutmix
        x, y = mix(images[batch].contiguous(memory_format=torch.channels_last), labels[batch])
        optimizer.zero_grad()
        with autocast("cpu", dtype=torch.bfloat16):
            output = model(x)
            loss = F.cross_entropy(output, y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step(step + 1)
        ema.update_parameters(model)
        if step >= 3:
            swa.update_parameters(model)
        log.append([str(output.dtype), loss.item(), norm.item(), scaler.get_scale(), scheduler.get_last_lr()[0]])
    update_bn(images.split(8), swa)
    ema.eval()
    with torch.inference_mode(), autocast("cpu"):
        predicted = ema(images).argmax(-1)
    return {
        "log": log,
        "predicted": predicted,
        "model": model.state_dict(),
        "ema": ema.state_dict(),
        "swa": swa.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scaler": scaler.state_dict(),
    }
