"""A small convolutional net on digits: dropout, log_softmax with nll_loss, Adadelta, StepLR, a test loop."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, TensorDataset, random_split


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, 1)
        self.conv2 = nn.Conv2d(8, 16, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(576, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = F.relu(x)
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = self.fc1(x)
        x = F.relu(x)
        x = self.dropout2(x)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


def train(model, train_loader, optimizer, losses):
    model.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        output = model(data)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()
        if batch_idx % 2 == 0:
            losses.append(loss.item())


def test(model, test_loader):
    model.eval()
    test_loss = 0.0
    correct = 0
    with torch.no_grad():
        for data, target in test_loader:
            output = model(data)
            test_loss += F.nll_loss(output, target, reduction="sum").item()
            pred = output.argmax(dim=1, keepdim=True)
            correct += pred.eq(target.view_as(pred)).sum().item()
    return test_loss / len(test_loader.dataset), 100.0 * correct / len(test_loader.dataset)


def run():
    images = torch.randn(40, 1, 16, 16)
    labels = torch.randint(0, 10, (40,))
    train_set, test_set = random_split(TensorDataset(images, labels), [30, 10])
    train_loader = DataLoader(train_set, batch_size=8, shuffle=True, drop_last=False)
    test_loader = DataLoader(test_set, batch_size=5)

    model = Net()
    optimizer = optim.Adadelta(model.parameters(), lr=1.0)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
    losses, tests = [], []
    for _ in range(1, 3):
        train(model, train_loader, optimizer, losses)
        tests.append(test(model, test_loader))
        scheduler.step()
    return {
        "losses": losses,
        "tests": [list(t) for t in tests],
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "lr": scheduler.get_last_lr(),
    }
