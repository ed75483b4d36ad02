// torch.cuda beside Python's: on a machine without a GPU each function answers or refuses in the same words.

import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const { cuda } = torch;
const x = torch.ones([2]);

/** The class and text of an error, or the answer, in a form that both languages can print. */
function outcome(call: () => unknown): unknown {
  try {
    const answer = call();
    return answer === undefined ? null : answer;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/** Python's call and ours. */
const calls: Record<string, () => unknown> = {
  'c.is_available()': () => cuda.isAvailable(),
  'c.device_count()': () => cuda.deviceCount(),
  'c.is_initialized()': () => cuda.isInitialized(),
  'c.init()': () => cuda.init(),
  'c.current_device()': () => cuda.currentDevice(),
  'c.set_device(-1)': () => cuda.setDevice(-1),
  'c.synchronize()': () => cuda.synchronize(),
  'c.get_device_name()': () => cuda.getDeviceName(),
  'c.get_device_name(0)': () => cuda.getDeviceName(0),
  'c.get_device_capability()': () => cuda.getDeviceCapability(),
  'c.get_device_properties()': () => cuda.getDeviceProperties(),
  'c.memory_allocated()': () => cuda.memoryAllocated(),
  'c.max_memory_allocated()': () => cuda.maxMemoryAllocated(),
  'c.memory_reserved()': () => cuda.memoryReserved(),
  'c.max_memory_reserved()': () => cuda.maxMemoryReserved(),
  'c.memory_stats()': () => cuda.memoryStats(),
  'c.mem_get_info()': () => cuda.memGetInfo(),
  'c.empty_cache()': () => cuda.emptyCache(),
  'c.manual_seed(1)': () => cuda.manualSeed(1),
  'c.manual_seed_all(1)': () => cuda.manualSeedAll(1),
  'c.get_rng_state()': () => cuda.getRngState(),
  'c.current_stream()': () => cuda.currentStream(),
  'c.default_stream()': () => cuda.defaultStream(),
  'c.is_bf16_supported()': () => cuda.isBf16Supported(),
  "torch.ones(2, device='cuda')": () => torch.ones([2], { device: 'cuda' }),
  "torch.tensor([1.0], device='cuda:1')": () => torch.tensor([1], { device: 'cuda:1' }),
  'torch.ones(2).cuda()': () => x.cuda(),
  "torch.ones(2).to('cuda')": () => x.to('cuda'),
  'torch.ones(2).is_pinned()': () => x.isPinned(),
  'torch.ones(2).pin_memory()': () => x.pinMemory(),
  'torch.zeros(2, pin_memory=True)': () => torch.zeros([2], { pinMemory: true }),
  'torch.tensor([1.0], pin_memory=True)': () => torch.tensor([1], { pinMemory: true }),
  "torch.ones(2).to('cpu', non_blocking=True).tolist()": () => x.to('cpu', { nonBlocking: true }).tolist(),
  'torch.backends.cuda.is_built()': () => torch.backends.cuda.isBuilt(),
  'torch.backends.cudnn.version()': () => torch.backends.cudnn.version(),
  'torch.backends.cudnn.is_available()': () => torch.backends.cudnn.isAvailable(),
};

/** Only without CUDA in the build: with it, a stream or an event asks the driver. */
const withoutBuild: Record<string, () => unknown> = {
  'c.Stream()': () => new cuda.Stream(),
  'c.Event()': () => new cuda.Event(),
};

function fromPython(expressions: string[]): unknown[] {
  return runPython<unknown[]>(
    `
import torch, warnings
warnings.simplefilter('ignore')
c = torch.cuda
out = []
for text in input:
    try:
        out.append(eval(text))
    except Exception as error:
        out.append(str(error).split(chr(10))[0])
print(json.dumps(out))`,
    expressions,
  );
}

const chosen = torch.versions().cuda ? calls : { ...calls, ...withoutBuild };

test.skipIf(cuda.isAvailable())('without a GPU the answers and the texts are those of Python', () => {
  const expected = fromPython(Object.keys(chosen));
  const ours = Object.values(chosen).map(outcome);
  const rows = (answers: unknown[]) =>
    Object.fromEntries(Object.keys(chosen).map((name, i) => [name, answers[i]]));
  expect(rows(ours)).toEqual(rows(expected));
});

test.skipIf(cuda.isAvailable())('what is refused is a DeviceError', () => {
  for (const call of [() => cuda.currentDevice(), () => x.to('cuda'), () => cuda.device(0, () => 1)]) {
    expect(call).toThrow(torch.DeviceError);
  }
  expect(() => cuda.getDeviceName('cpu')).toThrow(torch.TorchError);
  expect(cuda.stream(null, () => 7)).toBe(7);
});

test.runIf(cuda.isAvailable())('streams, events and memory on a GPU', () => {
  const [major] = cuda.getDeviceCapability();
  expect(major).toBeGreaterThan(0);
  cuda.resetPeakMemoryStats();
  const side = new cuda.Stream();
  const [start, end] = [new cuda.Event({ enableTiming: true }), new cuda.Event({ enableTiming: true })];
  start.record();
  const y = cuda.stream(side, () =>
    torch.ones([256, 256], { device: 'cuda' }).matmul(torch.ones([256, 256], { device: 'cuda' })),
  );
  cuda.recordStream(y, side);
  cuda.currentStream().waitStream(side);
  end.record();
  end.synchronize();
  expect(start.elapsedTime(end)).toBeGreaterThan(0);
  expect(y.max().item()).toBe(256);
  expect(cuda.maxMemoryAllocated()).toBeGreaterThan(256 * 256 * 4);
  expect(cuda.memorySummary()).toContain('PyTorch CUDA memory summary');
  const pinned = torch.ones([4], { pinMemory: true });
  expect([pinned.isPinned(), pinned.to('cuda', { nonBlocking: true }).sum().item()]).toEqual([true, 4]);
});
