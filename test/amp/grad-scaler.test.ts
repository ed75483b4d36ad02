import * as torch from 'libtorch-node';
import { amp, nn, optim } from 'libtorch-node';
import { expect, it } from 'vitest';

function made() {
  const w = new nn.Parameter(torch.tensor([1, 2]));
  return { w, optimizer: new optim.SGD([w], { lr: 1 }), scaler: new amp.GradScaler('cpu', { initScale: 4 }) };
}

it('scales the loss and steps with the true gradients', () => {
  const { w, optimizer, scaler } = made();
  scaler.scale(w.square().sum()).backward();
  expect(w.grad?.tolist()).toEqual([8, 16]);
  scaler.step(optimizer);
  expect(w.tolist()).toEqual([-1, -2]);
  scaler.update();
  expect(scaler.getScale()).toBe(4);
});

it('leaves out a step that overflowed, and backs off', () => {
  const { w, optimizer, scaler } = made();
  scaler.scale(w.sum().mul(Number.POSITIVE_INFINITY)).backward();
  scaler.step(optimizer);
  scaler.update();
  expect([w.tolist(), scaler.getScale()]).toEqual([[1, 2], 2]);
});

it('scales nested outputs', () => {
  const { w, scaler } = made();
  const [a, [b]] = scaler.scale([w.sum(), [w.mul(2)]] as const) as unknown as [torch.Tensor, [torch.Tensor]];
  expect([a.item(), b.tolist()]).toEqual([12, [8, 16]]);
});

it('outlives a scope', () => {
  const { w, scaler } = made();
  torch.scope(() => void scaler.scale(w.sum()));
  expect(scaler.stateDict().get('scale')).toEqual(torch.float(4));
});

it('refuses what PyTorch refuses, in its words', () => {
  const { w, optimizer, scaler } = made();
  expect(() => scaler.step(optimizer)).toThrow('Attempted step but _scale is None.');
  scaler.scale(w.sum()).backward();
  expect(() => scaler.update()).toThrow('No inf checks were recorded prior to update.');
  scaler.unscale_(optimizer);
  expect(() => scaler.unscale_(optimizer)).toThrow(
    'unscale_() has already been called on this optimizer since the last update().',
  );
  scaler.step(optimizer);
  expect(() => scaler.unscale_(optimizer)).toThrow('unscale_() is being called after step().');
  expect(() => scaler.step(optimizer)).toThrow('step() has already been called since the last update().');
  expect(() => scaler.step(optimizer, () => 1)).toThrow('Closure use is not currently supported');
  scaler.update(8);
  expect(scaler.getScale()).toBe(8);
  const half = new nn.Parameter(torch.ones([1], { dtype: torch.float16 }));
  half.grad = torch.ones([1], { dtype: torch.float16 });
  expect(() => scaler.unscale_(new optim.SGD([half]))).toThrow('Attempting to unscale FP16 gradients.');
  expect(() => new amp.GradScaler('cpu', { growthFactor: 1 })).toThrow('The growth factor must be > 1.0.');
  expect(() => scaler.loadStateDict(new Map())).toThrow('The source state dict is empty');
});

it('does nothing where it is disabled', () => {
  const scaler = new amp.GradScaler('cpu', { enabled: false });
  const { w, optimizer } = made();
  const loss = w.sum();
  expect(scaler.scale(loss)).toBe(loss);
  w.grad = torch.ones([2]);
  expect(scaler.step(optimizer, () => 5)).toBe(5);
  expect([w.tolist(), scaler.getScale(), [...scaler.stateDict()]]).toEqual([[0, 1], 1, []]);
});
