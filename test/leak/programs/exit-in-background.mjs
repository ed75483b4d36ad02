// process.exit(3) in the middle of an awaited read, forward or backward: node exit-in-background.mjs KIND
import * as torch from 'libtorch-node';

const [, , kind] = process.argv;
const w = torch.ones([600, 600], { requiresGrad: true });
const chain = (x) => {
  let y = x;
  for (let i = 0; i < 40; i++) y = y.matmul(x).mul(1e-3);
  return y.sum();
};
const loss = chain(w);

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
  forward: () => torch.record(chain, [w]).runAsync(w),
  read: () => loss.detach().data(),
}[kind]();
started.catch(() => {});
if (kind === 'backward' || kind === 'forward') setTimeout(() => process.exit(3), 30);
if (kind === 'read') process.exit(3);
