"""Distillation: KLDivLoss at a temperature, learning rates per layer, freezing, surgery on a state dict."""

import copy
from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F


def mlp(width, classes):
    return nn.Sequential(
        OrderedDict(
            [
                ("features", nn.Sequential(nn.Linear(8, width), nn.LayerNorm(width), nn.GELU())),
                ("dropout", nn.Dropout(p=0.1)),
                ("classifier", nn.Linear(width, classes)),
            ]
        )
    )


def without_decay(model, weight_decay, lr):
    """No decay for biases and norms; the classifier learns faster."""
    decay, no_decay = [], []
    for name, param in model.named_parameters():
        if not param.requires_grad or name.startswith("classifier"):
            continue
        (no_decay if param.ndim <= 1 or name.endswith(".bias") else decay).append(param)
    return [
        {"params": decay, "weight_decay": weight_decay},
        {"params": no_decay, "weight_decay": 0},
        {"params": [p for n, p in model.named_parameters() if "classifier" in n], "lr": lr * 10},
    ]


def run():
    T, alpha, lr = 4.0, 0.7, 1e-3
    pretrained = mlp(16, 5).state_dict()
    pretrained = {"module." + k: v for k, v in pretrained.items()}

    teacher = mlp(16, 3)
    state = {k.replace("module.", ""): v for k, v in pretrained.items() if not k.startswith("module.classifier")}
    state["head.weight"] = torch.zeros(1)
    incompatible = teacher.load_state_dict(state, strict=False)
    for name, param in teacher.named_parameters():
        if "classifier" not in name:
            param.requires_grad = False
    trainable = filter(lambda p: p.requires_grad, teacher.parameters())
    optimizer = torch.optim.SGD(trainable, lr=0.1, momentum=0.9)
    x, y = torch.randn(32, 8), torch.randint(3, (32,))
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(teacher(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    teacher.eval()
    student = mlp(6, 3)
    initial = copy.deepcopy(student)
    distiller = torch.optim.AdamW(without_decay(student, 0.05, lr), lr=lr)
    distiller.add_param_group({"params": nn.Parameter(torch.ones(1)), "lr": 0.5})
    scheduler = torch.optim.lr_scheduler.OneCycleLR(distiller, max_lr=[0.01, 0.01, 0.1, 0.5], total_steps=8)
    kl = nn.KLDivLoss(reduction="batchmean")
    for _ in range(2):
        for i in torch.randperm(32).split(8):
            with torch.no_grad():
                teacher_logits = teacher(x[i])
            logits = student(x[i])
            soft = kl(F.log_softmax(logits / T, dim=1), F.softmax(teacher_logits / T, dim=1)) * (T * T)
            loss = alpha * soft + (1 - alpha) * F.cross_entropy(logits, y[i], label_smoothing=0.1)
            distiller.zero_grad()
            loss.backward()
            distiller.step()
            scheduler.step()
            losses.append(loss.item())

    moved = sum((a - b).abs().sum().item() for a, b in zip(student.parameters(), initial.parameters()))
    try:
        student.load_state_dict(teacher.state_dict())
        error = ""
    except RuntimeError as e:
        error = str(e)
    return {
        "missing": incompatible.missing_keys,
        "unexpected": incompatible.unexpected_keys,
        "losses": losses,
        "moved": moved,
        "error": error,
        "lrs": scheduler.get_last_lr(),
        "counts": [sum(p.numel() for p in m.parameters() if p.requires_grad) for m in (teacher, student)],
        "teacher": teacher.state_dict(),
        "student": student.state_dict(),
        "optimizer": optimizer.state_dict(),
        "distiller": distiller.state_dict(),
    }
