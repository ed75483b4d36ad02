import * as torch from 'libtorch-node';

const { cuda } = torch;
const counted = ['allocated_bytes.all', 'allocation.all', 'allocation.small_pool', 'requested_bytes.all'];

/** Streams, events, and what the allocator of the GPU counts while tensors come and go. */
export function occupy() {
  const on = { device: 'cuda' };
  cuda.synchronize();
  cuda.emptyCache();
  cuda.resetPeakMemoryStats();
  const before = cuda.memoryStats();
  const seen: unknown[] = [];
  const look = () => {
    const now = cuda.memoryStats();
    const change = (name: string) => (now[name] ?? 0) - (before[name] ?? 0);
    seen.push(
      counted.map((name) => [
        change(`${name}.current`),
        change(`${name}.allocated`),
        change(`${name}.freed`),
      ]),
    );
  };
  const x = torch.rand([1000, 1000], on);
  look();
  const y = x.mul(2);
  const small = torch.ones([3], on);
  look();
  y.dispose();
  look();
  const side = new cuda.Stream();
  const [start, end] = [new cuda.Event({ enableTiming: true }), new cuda.Event({ enableTiming: true })];
  side.waitStream(cuda.currentStream());
  start.record();
  const sum = cuda.stream(side, () => x.add(1).cos());
  cuda.recordStream(x, side);
  cuda.currentStream().waitStream(side);
  end.record();
  end.synchronize();
  const peak = cuda.maxMemoryAllocated() - (before['allocated_bytes.all.current'] ?? 0);
  const queried = [side.query(), end.query(), start.elapsedTime(end) > 0, side.equals(cuda.currentStream())];
  const { major, minor, name, multiProcessorCount, totalMemory } = cuda.getDeviceProperties();
  const [, total] = cuda.memGetInfo();
  const { cudnn, cuda: switches } = torch.backends;
  const flags = [
    cudnn.allowTf32,
    switches.matmul.allowTf32,
    cudnn.benchmark,
    cudnn.deterministic,
    cudnn.enabled,
  ];
  return {
    ...{ seen, peak, queried, flags, small, sum },
    properties: [major, minor, name, multiProcessorCount, totalMemory, total],
    cudnn: cudnn.version(),
  };
}
