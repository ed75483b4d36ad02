import * as torch from 'libtorch-node';
import { nn, type optim, type Tensor } from 'libtorch-node';

const F = nn.functional;
const [size, gamma, eps] = [5, 0.9, torch.finfo(torch.float32).eps];

/** The way from cell 0 to the last one; each step costs, the end pays. */
class Corridor {
  cell = 0;

  reset() {
    this.cell = 0;
    return this.cell;
  }

  step(action: number) {
    this.cell = Math.max(0, this.cell + (action === 1 ? 1 : -1));
    const done = this.cell === size - 1;
    return [this.cell, done ? 1.0 : -0.1, done] as const;
  }
}

interface SavedAction {
  logProb: Tensor;
  value: Tensor;
  entropy: Tensor;
}

class Policy extends nn.Module {
  readonly affine1 = new nn.Linear(size, 16);
  readonly actionHead = new nn.Linear(16, 2);
  readonly valueHead = new nn.Linear(16, 1);
  savedActions: SavedAction[] = [];
  rewards: number[] = [];

  override forward(input: Tensor) {
    const x = F.relu(this.affine1.forward(input));
    return [F.softmax(this.actionHead.forward(x), { dim: -1 }), this.valueHead.forward(x)] as const;
  }
}

function selectAction(model: Policy, state: number) {
  const oneHot = F.oneHot(torch.tensor(state, { dtype: torch.int64 }), { numClasses: size }).float();
  const [probs, value] = model.forward(oneHot);
  const action = torch.multinomial(probs, 1);
  const logProb = torch.log(probs.gather(0, action));
  const entropy = probs.mul(probs.log()).sum().neg();
  model.savedActions.push({ logProb, value, entropy });
  return action.item();
}

function finishEpisode(model: Policy, actorOptimizer: optim.Optimizer, criticOptimizer: optim.Optimizer) {
  let R = 0;
  const listed: number[] = [];
  for (const r of model.rewards.toReversed()) {
    R = r + gamma * R;
    listed.unshift(R);
  }
  let returns = torch.tensor(listed);
  returns = returns.sub(returns.mean()).div(returns.std().add(eps));
  const policyLosses: Tensor[] = [];
  const valueLosses: Tensor[] = [];
  const entropies: Tensor[] = [];
  model.savedActions.forEach(({ logProb, value, entropy }, i) => {
    const advantage = returns.index(i).sub(value.item());
    policyLosses.push(logProb.neg().mul(advantage));
    valueLosses.push(F.smoothL1Loss(value, returns.index(i).view(1)));
    entropies.push(entropy);
  });
  const policyLoss = torch.stack(policyLosses).sum().sub(torch.stack(entropies).mean().mul(0.01));
  const valueLoss = torch.stack(valueLosses).sum();
  actorOptimizer.zeroGrad();
  criticOptimizer.zeroGrad();
  policyLoss.backward({ retainGraph: true });
  valueLoss.backward();
  actorOptimizer.step();
  criticOptimizer.step();
  model.rewards = [];
  model.savedActions = [];
  return [policyLoss.item(), valueLoss.item()];
}

export function actor() {
  const env = new Corridor();
  const model = new Policy();
  const actorOptimizer = new torch.optim.Adam(
    [{ params: model.affine1.parameters() }, { params: model.actionHead.parameters(), lr: 3e-2 }],
    { lr: 1e-2 },
  );
  const criticOptimizer = new torch.optim.RAdam(model.valueHead.parameters(), { lr: 1e-2 });
  const losses = [];
  const lengths = [];
  let runningReward = 10;
  for (let episode = 0; episode < 4; episode += 1) {
    let state = env.reset();
    let epReward = 0;
    let t = 1;
    for (; t < 30; t += 1) {
      const action = selectAction(model, state);
      const [next, reward, done] = env.step(action);
      state = next;
      model.rewards.push(reward);
      epReward += reward;
      if (done || t === 29) break;
    }
    runningReward = 0.05 * epReward + (1 - 0.05) * runningReward;
    losses.push(finishEpisode(model, actorOptimizer, criticOptimizer));
    lengths.push(t);
  }
  return {
    losses,
    lengths,
    running_reward: runningReward,
    model: model.stateDict(),
    actor_optimizer: actorOptimizer.stateDict(),
    critic_optimizer: criticOptimizer.stateDict(),
  };
}
