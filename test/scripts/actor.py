"""Actor-critic on a small tabular game: multinomial actions, log probabilities by hand, SmoothL1Loss, retain_graph."""

import torch
import torch.nn as nn
import torch.nn.functional as F

size, gamma, eps = 5, 0.9, torch.finfo(torch.float32).eps


class Corridor:
    """The way from cell 0 to the last one; each step costs, the end pays."""

    def reset(self):
        self.cell = 0
        return self.cell

    def step(self, action):
        self.cell = max(0, self.cell + (1 if action == 1 else -1))
        done = self.cell == size - 1
        return self.cell, 1.0 if done else -0.1, done


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(size, 16)
        self.action_head = nn.Linear(16, 2)
        self.value_head = nn.Linear(16, 1)
        self.saved_actions, self.rewards = [], []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)


def select_action(model, state):
    one_hot = F.one_hot(torch.tensor(state), num_classes=size).float()
    probs, state_value = model(one_hot)
    action = torch.multinomial(probs, 1)
    log_prob = torch.log(probs.gather(0, action))
    entropy = -(probs * probs.log()).sum()
    model.saved_actions.append((log_prob, state_value, entropy))
    return action.item()


def finish_episode(model, actor_optimizer, critic_optimizer):
    R, returns = 0, []
    for r in model.rewards[::-1]:
        R = r + gamma * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + eps)
    policy_losses, value_losses, entropies = [], [], []
    for (log_prob, value, entropy), R in zip(model.saved_actions, returns):
        advantage = R - value.item()
        policy_losses.append(-log_prob * advantage)
        value_losses.append(F.smooth_l1_loss(value, torch.tensor([R])))
        entropies.append(entropy)
    policy_loss = torch.stack(policy_losses).sum() - 0.01 * torch.stack(entropies).mean()
    value_loss = torch.stack(value_losses).sum()
    actor_optimizer.zero_grad()
    critic_optimizer.zero_grad()
    policy_loss.backward(retain_graph=True)
    value_loss.backward()
    actor_optimizer.step()
    critic_optimizer.step()
    del model.rewards[:]
    del model.saved_actions[:]
    return [policy_loss.item(), value_loss.item()]


def run():
    env, model = Corridor(), Policy()
    actor_optimizer = torch.optim.Adam(
        [{"params": model.affine1.parameters()}, {"params": model.action_head.parameters(), "lr": 3e-2}], lr=1e-2
    )
    critic_optimizer = torch.optim.RAdam(model.value_head.parameters(), lr=1e-2)
    losses, lengths, running_reward = [], [], 10
    for _ in range(4):
        state, ep_reward = env.reset(), 0
        for t in range(1, 30):
            action = select_action(model, state)
            state, reward, done = env.step(action)
            model.rewards.append(reward)
            ep_reward += reward
            if done:
                break
        running_reward = 0.05 * ep_reward + (1 - 0.05) * running_reward
        losses.append(finish_episode(model, actor_optimizer, critic_optimizer))
        lengths.append(t)
    return {
        "losses": losses,
        "lengths": lengths,
        "running_reward": running_reward,
        "model": model.state_dict(),
        "actor_optimizer": actor_optimizer.state_dict(),
        "critic_optimizer": critic_optimizer.state_dict(),
    }
