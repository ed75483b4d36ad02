import * as torch from 'libtorch-node';
import { afterEach, expect, test } from 'vitest';

afterEach(() => torch.setDefaultDevice(null));

test('factory functions heed the default device, what follows a tensor does not', () => {
  const cpu = torch.ones([2]);
  torch.withDevice('meta', () => {
    const made = [
      torch.zeros([2]),
      torch.randn([2, 2], { requiresGrad: true }),
      torch.arange(4),
      torch.full([2], 1),
      torch.tensor([1, 2]),
      torch.fft.fftfreq(4),
      torch.empty({ size: [2] }),
    ];
    expect(made.map(({ device }) => `${device}`)).toEqual(made.map(() => 'meta'));
    expect(made[1]?.requiresGrad).toBe(true);
    expect(`${torch.zeros([2], { device: 'cpu' }).device}`).toBe('cpu');
    expect([torch.onesLike(cpu), cpu.newZeros([2])].map(({ device }) => `${device}`)).toEqual(['cpu', 'cpu']);
    expect(`${torch.getDefaultDevice()}`).toBe('meta');
  });
  expect(`${torch.zeros([2]).device}`).toBe('cpu');
});

test('a model on meta has shapes and no memory', () => {
  const before = torch.memoryStats().liveBytes;
  const model = torch.withDevice('meta', () => new torch.nn.Linear(1 << 14, 1 << 14));
  expect(`${model.weight.device}`).toBe('meta');
  expect(torch.memoryStats().liveBytes - before).toBeLessThan(1 << 20);
});

test('contexts nest and end with an exception; the default lasts', () => {
  torch.setDefaultDevice('meta');
  expect(() =>
    torch.withDevice('cpu', () => {
      expect(`${torch.zeros([1]).device}`).toBe('cpu');
      throw new Error('out');
    }),
  ).toThrow('out');
  expect(`${torch.zeros([1]).device}`).toBe('meta');
  expect(() => torch.withDevice('meta', async () => 1)).toThrow(TypeError);
  expect(() => torch.setDefaultDevice('nowhere:x')).toThrow("Invalid device string: 'nowhere:x'");
  torch.setDefaultDevice(null);
  expect(`${torch.getDefaultDevice()}`).toBe('cpu');
});
