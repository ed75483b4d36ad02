import { once } from 'node:events';
import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const { init } = nn;

/** Values of PyTorch 2.13 after manual_seed(0), for a [2, 3] tensor. */
const golden: [string, (w: torch.Tensor) => torch.Tensor, number[][]][] = [
  [
    'kaimingNormal_',
    (w) => init.kaimingNormal_(w, { mode: 'fan_out', nonlinearity: 'relu' }),
    [
      [1.5409960746765137, -0.293428897857666, -2.1787893772125244],
      [0.5684312582015991, -1.0845223665237427, -1.3985954523086548],
    ],
  ],
  [
    'kaimingUniform_',
    (w) => init.kaimingUniform_(w, { a: 0.2 }),
    [
      [-0.010382351465523243, 0.7439134120941162, -1.1413582563400269],
      [-1.0205638408660889, -0.5341129899024963, 0.3718673586845398],
    ],
  ],
  [
    'xavierNormal_',
    (w) => init.xavierNormal_(w, { gain: 0.5 }),
    [
      [0.48730576038360596, -0.09279036521911621, -0.6889936923980713],
      [0.17975375056266785, -0.3429560661315918, -0.44227468967437744],
    ],
  ],
  [
    'xavierUniform_',
    (w) => init.xavierUniform_(w),
    [
      [-0.008201400749385357, 0.5876445174217224, -0.9016007781028748],
      [-0.8061808347702026, -0.4219154715538025, 0.29375168681144714],
    ],
  ],
  [
    'normal_',
    (w) => init.normal_(w, 1, 2),
    [
      [4.081992149353027, 0.4131421744823456, -3.357578754425049],
      [2.1368625164031982, -1.1690447330474854, -1.79719078540802],
    ],
  ],
  [
    'uniform_',
    (w) => init.uniform_(w, -1, 3),
    [
      [0.9850263595581055, 2.0728871822357178, -0.6460902690887451],
      [-0.4718780517578125, 0.2296912670135498, 1.5363147258758545],
    ],
  ],
];

describe('draws', () => {
  it.each(golden)('%s draws what PyTorch draws', (_, fill, expected) => {
    const weight = torch.empty([2, 3]);
    torch.manualSeed(0);
    expect(fill(weight)).toBe(weight);
    expect(weight.tolist()).toEqual(expected);
  });

  it('take a generator and leave the default one alone', () => {
    torch.manualSeed(1);
    const state = torch.getRngState().tolist();
    const generator = new torch.Generator().manualSeed(0);
    const weight = init.uniform_(torch.empty([2, 3]), -1, 3, { generator });
    expect(weight.tolist()).toEqual(golden[5]?.[2]);
    expect(torch.getRngState().tolist()).toEqual(state);
  });

  it('fill parameters without autograd', () => {
    const weight = new nn.Parameter(torch.empty([2, 2]));
    init.ones_(weight);
    expect(weight.tolist()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    init.constant_(weight, -2.5);
    expect(weight.isLeaf).toBe(true);
    expect(weight.flatten().tolist()).toEqual([-2.5, -2.5, -2.5, -2.5]);
    expect(init.zeros_(weight).flatten().tolist()).toEqual([0, 0, 0, 0]);
  });
});

describe('fans and gains', () => {
  it('ignore groups', () => {
    const depthwise = new nn.Conv2d(4, 4, 3, { groups: 4 });
    expect(init.calculateFanInAndFanOut(depthwise.weight)).toEqual([9, 36]);
    expect(init.calculateFanInAndFanOut(torch.empty([5, 7]))).toEqual([7, 5]);
  });

  it.each([
    ['linear', undefined, 1],
    ['conv_transpose3d', undefined, 1],
    ['sigmoid', undefined, 1],
    ['tanh', undefined, 5 / 3],
    ['relu', undefined, Math.SQRT2],
    ['leaky_relu', undefined, 1.4141428569978354],
    ['leaky_relu', Math.sqrt(5), 0.5773502691896257],
    ['selu', undefined, 0.75],
  ] as const)('gain of %s(%s)', (name, param, gain) => {
    expect(init.calculateGain(name, param)).toBe(gain);
  });

  it('refuse what PyTorch refuses, in its words', () => {
    expect(() => init.kaimingNormal_(torch.zeros([3]))).toThrow(
      'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
    );
    expect(() => init.kaimingNormal_(torch.zeros([3, 3]), { mode: 'fan' as 'fan_in' })).toThrow(
      "Mode fan not supported, please use one of ['fan_in', 'fan_out']",
    );
    expect(() => init.calculateGain('foo' as 'relu')).toThrow(torch.ValueError);
    expect(() => init.calculateGain('foo' as 'relu')).toThrow('Unsupported nonlinearity foo');
    expect(() => init.calculateGain('leaky_relu', 'x' as unknown as number)).toThrow(
      'negative_slope x not a valid number',
    );
  });
});

it('warns that a tensor without elements is not initialised', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  torch.manualSeed(0);
  init.kaimingUniform_(torch.empty([0, 3]));
  expect((await warned).message).toBe('Initializing zero-element tensors is a no-op');
});

it('an old name warns, and does what the new one does', async () => {
  const warned = once(process, 'warning');
  const names = Object.keys(init).filter((name) => `${name}_` in init);
  expect(names).toHaveLength(11);
  for (const name of names) {
    const filled = (key: string) => {
      torch.manualSeed(0);
      const fill = init[key as 'constant_'];
      const tensor = torch.empty(name === 'dirac' ? [4, 4, 3] : [2, 3]);
      const numbers = ['constant', 'normal', 'sparse', 'uniform'].includes(name) ? [0.5] : [];
      return Reflect.apply(fill, undefined, [tensor, ...numbers]);
    };
    expect(torch.equal(filled(name), filled(`${name}_`)), name).toBe(true);
  }
  const [first] = await warned;
  expect(first.message).toBe('`nn.init.constant` is now deprecated in favor of `nn.init.constant_`.');
});
