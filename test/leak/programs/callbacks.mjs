// Hooks and custom functions, each dropped with its graph: neither their closures nor their tensors may stay.
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

class Scale extends torch.autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return x.mul(2);
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return gradient.mul(2).add(x.mul(0));
  }
}

const weight = torch.ones([256, 256], { requiresGrad: true });

async function step(index) {
  const ballast = new Uint8Array(1 << 16).fill(1);
  const y = Scale.apply(weight);
  y.registerHook((gradient) => (ballast.length > 0 ? gradient : null));
  weight.registerHook(() => null).remove();
  if (index % 2 === 0) await y.sum().backwardAsync();
  else y.sum().backward();
  // Half of the graphs are never walked.
  Scale.apply(weight).registerHook(() => (ballast.length > 0 ? null : null));
  weight.grad = null;
}

for (let i = 0; i < 300; i++) await step(i);
const before = process.memoryUsage().rss;
for (let i = 0; i < 3000; i++) await step(i);
report({ grownMB: Math.round((process.memoryUsage().rss - before) / 1e6), live: torch.liveTensors() });
