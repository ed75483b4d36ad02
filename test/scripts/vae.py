"""A variational autoencoder: reparametrisation, summed binary cross entropy, KL divergence, samples."""

import torch
from torch import nn, optim
from torch.nn import functional as F


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 24)
        self.fc21 = nn.Linear(24, 5)
        self.fc22 = nn.Linear(24, 5)
        self.fc3 = nn.Linear(5, 24)
        self.fc4 = nn.Linear(24, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD


def run():
    model = VAE()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    data = torch.bernoulli(torch.rand(30, 1, 8, 8))
    losses, train_loss = [], 0
    model.train()
    for _ in range(2):
        for batch in data[torch.randperm(30)].split(10):
            optimizer.zero_grad()
            recon_batch, mu, logvar = model(batch)
            loss = loss_function(recon_batch, batch, mu, logvar)
            loss.backward()
            train_loss += loss.item()
            losses.append(loss.item() / len(batch))
            optimizer.step()
    model.eval()
    with torch.no_grad():
        sample = model.decode(torch.randn(4, 5)).view(4, 1, 8, 8)
        recon, _, _ = model(data[:4])
        comparison = torch.cat([data[:4], recon.view(4, 1, 8, 8)])
    return {
        "losses": losses,
        "train_loss": train_loss,
        "sample": sample,
        "comparison": comparison,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
