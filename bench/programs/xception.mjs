// One run of Xception, ours: times per pass, peak memory, and the bits of the last output.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as torch from 'libtorch-node';

const settings = isMainThread ? JSON.parse(process.argv[2]) : workerData;

function peakMegabytes() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

function passOf({ mode, size, batch, channelsLast, device = 'cpu', autocast }) {
  torch.manualSeed(0);
  const model = new torch.models.Xception({ numClasses: 1000, init: 'default' }).to(device);
  let images = torch.rand(batch, 3, size, size).to(device);
  const labels = torch.arange(batch).to(device);
  if (channelsLast) {
    model.to({ memoryFormat: torch.channelsLast });
    images = images.to({ memoryFormat: torch.channelsLast });
  }
  if (mode === 'forward') {
    model.eval();
    return () => torch.noGrad(() => model.forward(images));
  }
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  return () => {
    optimizer.zeroGrad();
    const loss = torch.autocast(device, { enabled: Boolean(autocast), dtype: torch.bfloat16 }, () =>
      torch.nn.functional.crossEntropy(model.forward(images), labels),
    );
    loss.backward();
    optimizer.step();
    return loss;
  };
}

function measure() {
  const onGpu = settings.device === 'cuda';
  if (onGpu) torch.useDeterministicAlgorithms(true);
  torch.setNumThreads(settings.threads);
  const pass = passOf(settings);
  const ms = [];
  let digest = '';
  for (let i = 0; i < settings.passes; i++) {
    torch.scope(() => {
      const begin = performance.now();
      const result = pass();
      if (onGpu) torch.cuda.synchronize();
      ms.push(performance.now() - begin);
      const bytes = result.detach().cpu().reshape(-1).typedArray();
      digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    });
  }
  const peak = onGpu ? torch.cuda.maxMemoryAllocated() / 1024 / 1024 : peakMegabytes();
  return { ms, peak, digest };
}

if (!isMainThread) {
  parentPort.postMessage(measure());
} else if (settings.worker) {
  new Worker(new URL(import.meta.url), { workerData: settings }).once('message', (answer) => {
    console.log(JSON.stringify(answer));
  });
} else {
  console.log(JSON.stringify(measure()));
}
