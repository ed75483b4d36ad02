"""A folder of images: augmentation in workers, ResNet-18, warm-up, gradient accumulation, a checkpoint to go on from."""

import os
import shutil

import torch
import torch.nn as nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, SequentialLR
from torch.utils.data import DataLoader
from torchvision import datasets, models
from torchvision.transforms import v2 as transforms

accumulation, epochs = 2, 3


class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0, 0

    def update(self, val, n=1):
        self.sum += val * n
        self.count += n

    @property
    def avg(self):
        return self.sum / self.count


def accuracy(output, target, topk=(1,)):
    with torch.no_grad():
        maxk = max(topk)
        batch_size = target.size(0)
        _, pred = output.topk(maxk, 1, True, True)
        pred = pred.t()
        correct = pred.eq(target.view(1, -1).expand_as(pred))
        res = []
        for k in topk:
            correct_k = correct[:k].reshape(-1).float().sum(0, keepdim=True)
            res.append(correct_k.mul_(100.0 / batch_size))
        return res


def make_loaders(root):
    normalize = transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
    train_dataset = datasets.ImageFolder(
        os.path.join(root, "train"),
        transforms.Compose(
            [
                transforms.ToImage(),
                transforms.RandomResizedCrop(32),
                transforms.RandomHorizontalFlip(),
                transforms.RandAugment(num_ops=1),
                transforms.ToDtype(torch.float32, scale=True),
                normalize,
                transforms.RandomErasing(p=0.2),
            ]
        ),
    )
    val_dataset = datasets.ImageFolder(
        os.path.join(root, "val"),
        transforms.Compose(
            [
                transforms.ToImage(),
                transforms.Resize(36),
                transforms.CenterCrop(32),
                transforms.ToDtype(torch.float32, scale=True),
                normalize,
            ]
        ),
    )
    train_loader = DataLoader(train_dataset, batch_size=4, shuffle=True, num_workers=2, drop_last=True)
    val_loader = DataLoader(val_dataset, batch_size=4, shuffle=False, num_workers=2)
    return train_loader, val_loader, train_dataset.classes


def make_training(num_classes):
    model = models.resnet18()
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=1e-4, nesterov=True)
    warmup = LambdaLR(optimizer, lambda epoch: (epoch + 1) / 3)
    cosine = CosineAnnealingLR(optimizer, T_max=4)
    scheduler = SequentialLR(optimizer, schedulers=[warmup, cosine], milestones=[2])
    return model, optimizer, scheduler


def train(train_loader, model, criterion, optimizer, scheduler, log):
    model.train()
    mix = transforms.RandomChoice(
        [transforms.MixUp(num_classes=model.fc.out_features), transforms.CutMix(num_classes=model.fc.out_features)]
    )
    optimizer.zero_grad()
    for i, (images, target) in enumerate(train_loader):
        images, target = mix(images, target)
        loss = criterion(model(images), target) / accumulation
        loss.backward()
        log.append(loss.item())
        if (i + 1) % accumulation == 0:
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=2.0)
            optimizer.step()
            optimizer.zero_grad()
            scheduler.step()


def validate(val_loader, model, criterion):
    losses, top1, top2 = AverageMeter(), AverageMeter(), AverageMeter()
    model.eval()
    with torch.no_grad():
        for images, target in val_loader:
            output = model(images)
            loss = criterion(output, target)
            acc1, acc2 = accuracy(output, target, topk=(1, 2))
            losses.update(loss.item(), images.size(0))
            top1.update(acc1[0].item(), images.size(0))
            top2.update(acc2[0].item(), images.size(0))
    return losses.avg, top1.avg, top2.avg


def save_checkpoint(state, is_best, folder):
    filename = os.path.join(folder, "checkpoint.pth.tar")
    torch.save(state, filename)
    if is_best:
        shutil.copyfile(filename, os.path.join(folder, "model_best.pth.tar"))


def run(root, folder):
    train_loader, val_loader, classes = make_loaders(root)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    model, optimizer, scheduler = make_training(len(classes))
    log, tests, best_acc1, start_epoch = [], [], 0.0, 0
    for epoch in range(start_epoch, epochs):
        if epoch == 1:
            # As if the program had been stopped and started again.
            model, optimizer, scheduler = make_training(len(classes))
            checkpoint = torch.load(os.path.join(folder, "checkpoint.pth.tar"))
            epoch = checkpoint["epoch"]
            best_acc1 = checkpoint["best_acc1"]
            model.load_state_dict(checkpoint["state_dict"])
            optimizer.load_state_dict(checkpoint["optimizer"])
            scheduler.load_state_dict(checkpoint["scheduler"])
            torch.set_rng_state(checkpoint["rng_state"])
        train(train_loader, model, criterion, optimizer, scheduler, log)
        loss, acc1, acc2 = validate(val_loader, model, criterion)
        tests.append([loss, acc1, acc2, optimizer.param_groups[0]["lr"]])
        is_best = acc1 > best_acc1
        best_acc1 = max(acc1, best_acc1)
        state = {
            "epoch": epoch + 1,
            "arch": "resnet18",
            "state_dict": model.state_dict(),
            "best_acc1": best_acc1,
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict(),
            "rng_state": torch.get_rng_state(),
        }
        save_checkpoint(state, is_best, folder)
    best = torch.load(os.path.join(folder, "model_best.pth.tar"), weights_only=True)
    return {
        "log": log,
        "tests": tests,
        "best": [best["epoch"], best["best_acc1"]],
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "lr": scheduler.get_last_lr(),
    }
