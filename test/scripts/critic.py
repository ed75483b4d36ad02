"""WGAN-GP: a critic with spectral norm and a gradient penalty, a straight-through sign, checkpointed layers."""

import torch
import torch.nn as nn
from torch import autograd
from torch.nn.utils.parametrizations import spectral_norm
from torch.utils.checkpoint import checkpoint

latent_dim, batch_size, n_critic, lambda_gp = 8, 16, 3, 10


class Sign(autograd.Function):
    @staticmethod
    def forward(ctx, x, slope):
        ctx.save_for_backward(x)
        ctx.slope = slope
        return x.sign()

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        inside = (x.abs() <= 1).to(grad_output.dtype)
        return grad_output * inside * ctx.slope, None


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.full((2,), 2.0))
        self.model = nn.Sequential(
            nn.Linear(latent_dim, 32), nn.BatchNorm1d(32, 0.8), nn.LeakyReLU(0.2, inplace=True), nn.Linear(32, 2), nn.Tanh()
        )

    def forward(self, z):
        return self.model(z) * self.scale


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = spectral_norm(nn.Linear(2, 32))
        self.hidden = nn.Sequential(nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 32), nn.Softplus())
        self.last = spectral_norm(nn.Linear(64, 1), n_power_iterations=2)

    def forward(self, points):
        features = self.first(points)
        signs = Sign.apply(features, 0.5)
        hidden = checkpoint(self.hidden, features, use_reentrant=False)
        return self.last(torch.cat([signs, hidden], dim=1))


def compute_gradient_penalty(critic, real, fake):
    alpha = torch.rand(real.size(0), 1)
    interpolates = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    d_interpolates = critic(interpolates)
    gradients = autograd.grad(
        outputs=d_interpolates,
        inputs=interpolates,
        grad_outputs=torch.ones_like(d_interpolates),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    gradients = gradients.view(gradients.size(0), -1)
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()


def run():
    generator, critic = Generator(), Critic()
    optimizer_G = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.9))
    optimizer_D = torch.optim.RMSprop(critic.parameters(), lr=1e-3)
    losses = []

    for step in range(9):
        angles = torch.rand(batch_size) * 2 * torch.pi
        real = torch.stack((angles.cos(), angles.sin()), dim=-1)

        optimizer_D.zero_grad()
        z = torch.randn(batch_size, latent_dim)
        fake = generator(z).detach()
        penalty = compute_gradient_penalty(critic, real, fake)
        d_loss = -torch.mean(critic(real)) + torch.mean(critic(fake)) + lambda_gp * penalty
        d_loss.backward()
        optimizer_D.step()
        losses.append(d_loss.item())

        if step % n_critic == 0:
            optimizer_G.zero_grad()
            g_loss = -critic(generator(z)).mean()
            g_loss.backward()
            optimizer_G.step()
            losses.append(g_loss.item())

    critic.eval()
    with torch.no_grad():
        scores = critic(generator(torch.zeros(4, latent_dim) + 0.1))
    return {
        "losses": losses,
        "scores": scores,
        "generator": generator.state_dict(),
        "critic": critic.state_dict(),
        "optimizer_G": optimizer_G.state_dict(),
        "optimizer_D": optimizer_D.state_dict(),
    }
