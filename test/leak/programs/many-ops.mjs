// 100,000 operators in each way that a program may use them, and 10,000 exceptions: what is held afterwards, and how far
// the process grew while the second half ran.
import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

const x = torch.ones([64]);
const w = torch.ones([64], { requiresGrad: true });
const wrong = torch.ones([63]);
const hooks = [];

function refused() {
  try {
    x.add(wrong);
  } catch (error) {
    return error.name;
  }
  throw new Error('nothing was refused');
}

/** What one round does, and how many operators that is. */
const ways = {
  scoped: () => torch.scope(() => x.add(1).mul(2)),
  unscoped: () => x.add(1).mul(2),
  disposed() {
    const y = x.add(1);
    y.mul_(2);
    y.dispose();
  },
  named: () => torch.scope(() => torch.sum(x, { dim: 0, keepdim: true }).item()),
  lists: () => torch.scope(() => torch.cat([x, x]).split(64)),
  graphs() {
    torch.scope(() => w.mul(x).sum().backward());
    w.grad = null;
  },
  hooked() {
    torch.scope(() => {
      const y = w.mul(2);
      const handle = y.registerHook(() => null);
      y.sum().backward();
      handle.remove();
    });
    w.grad = null;
  },
  checkpointed() {
    torch.scope(() =>
      torch.autograd
        .savedTensorsHooks(
          (tensor) => ({ tensor }),
          ({ tensor }) => tensor,
          () => w.exp().sum(),
        )
        .backward(),
    );
    w.grad = null;
  },
  exceptions: () => refused(),
  thrown() {
    try {
      torch.scope(() => {
        x.add(1);
        throw new RangeError('out');
      });
    } catch {
      // a scope ends with an exception
    }
  },
};

const rounds = { ...Object.fromEntries(Object.keys(ways).map((name) => [name, 50_000])), exceptions: 10_000 };
for (const name of ['graphs', 'hooked', 'checkpointed']) rounds[name] = 20_000;

const grown = {};
for (const [name, run] of Object.entries(ways)) {
  const half = rounds[name] / 2;
  for (let i = 0; i < half; i++) run();
  await new Promise(setImmediate);
  const before = rss();
  for (let i = 0; i < half; i++) run();
  await new Promise(setImmediate);
  grown[name] = Math.round(rss() - before);
}
hooks.length = 0;
globalThis.gc?.();
report({ grown, live: torch.liveTensors(), bytes: torch.memoryStats().liveBytes });
