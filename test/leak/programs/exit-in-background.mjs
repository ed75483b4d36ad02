// process.exit(3) in the middle of an awaited read, forward or backward: node exit-in-background.mjs KIND
import * as torch from 'libtorch-node';

const [, , kind] = process.argv;
const w = torch.ones([600, 600], { requiresGrad: true });
let loss = w;
for (let i = 0; i < 40; i++) loss = loss.matmul(w).mul(1e-3);
loss = loss.sum();

const started = {
  /** The backward runs on the background thread. */
  backward: () => loss.backwardAsync(),
  /** A hook runs on this thread, which the background waits for. */
  hook() {
    w.registerHook(() => process.exit(3));
    return loss.backwardAsync();
  },
  /** Recomputation in the middle of it. */
  checkpoint() {
    let runs = 0;
    const again = (x) => {
      if (runs++ > 0) process.exit(3);
      return x.exp().sin();
    };
    return torch.checkpoint(again, w).sum().backwardAsync();
  },
  forward: () => loss.detach().data(),
}[kind]();
started.catch(() => {});
if (kind === 'backward') setTimeout(() => process.exit(3), 30);
if (kind === 'forward') process.exit(3);
