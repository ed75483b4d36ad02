import * as torch from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const product = () => torch.ones([2, 2]).matmul(torch.ones([2, 2])).dtype;

describe('autocast', () => {
  it('casts inside its body only, and answers with what the body gives', () => {
    expect(product()).toBe(torch.float32);
    expect(torch.autocast('cpu', {}, product)).toBe(torch.bfloat16);
    expect(torch.autocast('cpu', { dtype: torch.float16 }, product)).toBe(torch.float16);
    expect(product()).toBe(torch.float32);
  });

  it('nests, and is off where it is told to be', () => {
    torch.autocast('cpu', {}, () => {
      expect(torch.isAutocastEnabled('cpu')).toBe(true);
      expect(torch.autocast('cpu', { enabled: false }, product)).toBe(torch.float32);
      expect(torch.autocast('cpu', { dtype: torch.float16 }, () => torch.getAutocastDtype('cpu'))).toBe(
        torch.float16,
      );
      expect(product()).toBe(torch.bfloat16);
    });
    expect([torch.isAutocastEnabled('cpu'), torch.getAutocastDtype('cpu')]).toEqual([false, torch.bfloat16]);
  });

  it('ends when its body throws', () => {
    expect(() =>
      torch.autocast('cpu', { dtype: torch.float16, cacheEnabled: false }, () => {
        expect(torch.amp.isAutocastCacheEnabled()).toBe(false);
        throw new Error('enough');
      }),
    ).toThrow('enough');
    expect([product(), torch.getAutocastDtype('cpu')]).toEqual([torch.float32, torch.bfloat16]);
    expect(torch.amp.isAutocastCacheEnabled()).toBe(true);
  });

  it('is on until it is disposed, and refuses a promise', () => {
    const mode = torch.autocast('cpu');
    expect(product()).toBe(torch.bfloat16);
    mode[Symbol.dispose]();
    expect(product()).toBe(torch.float32);
    expect(() => torch.autocast('cpu', {}, async () => 1)).toThrow('autocast() got a promise');
    expect(product()).toBe(torch.float32);
  });

  it('keeps a cast weight once, and gives it back at its end', () => {
    const weight = torch.ones([512, 512], { requiresGrad: true });
    const x = torch.ones([1, 512]);
    const before = torch.memoryStats().liveBytes;
    torch.autocast('cpu', {}, () => {
      torch.scope(() => {
        for (let i = 0; i < 3; i++) x.matmul(weight);
      });
      const held = torch.memoryStats().liveBytes - before;
      expect(held).toBeGreaterThanOrEqual(512 * 512 * 2);
      expect(held).toBeLessThan(2 * 512 * 512 * 2);
    });
    expect(torch.memoryStats().liveBytes - before).toBeLessThan(512 * 512);
  });

  it('refuses what is no device type of it', () => {
    expect(() => torch.autocast('meta', {})).toThrow(
      "User specified an unsupported autocast device_type 'meta'",
    );
    expect(() => torch.autocast(3 as never)).toThrow('Expected `device_type` of type `str`, got: `number`');
  });

  it('warns, and is off, where the dtype is not one of its', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    expect(torch.autocast('cpu', { dtype: torch.float64 }, product)).toBe(torch.float32);
    expect((await warned).message).toContain('In CPU autocast, but the target dtype is not supported.');
  });
});

it('without options the body may come second', () => {
  const product = torch.autocast('cpu', () => torch.ones(2, 2).matmul(torch.ones(2, 2)));
  expect([product.dtype, torch.isAutocastEnabled('cpu')]).toEqual([torch.bfloat16, false]);
});
