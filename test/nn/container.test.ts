import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

class Add extends nn.Module {
  constructor(readonly term: number) {
    super();
  }

  override forward(x: torch.Tensor): torch.Tensor {
    return x.mul(2).add(this.term);
  }
}

describe('Sequential', () => {
  it('runs its layers in order', () => {
    const net = new nn.Sequential(new Add(1), new Add(10));
    expect(net.forward(torch.zeros([1])).tolist()).toEqual([12]);
    expect(new nn.Sequential().forward(torch.zeros([1])).tolist()).toEqual([0]);
  });

  it('takes names from an OrderedDict', () => {
    const layers: [string, nn.Linear][] = [
      ['conv1', new nn.Linear(1, 1)],
      ['head', new nn.Linear(1, 1)],
    ];
    const net = new nn.Sequential(new torch.OrderedDict(layers));
    expect([...net.stateDict().keys()]).toEqual(['conv1.weight', 'conv1.bias', 'head.weight', 'head.bias']);
    expect(net.at(-1)).toBe(layers[1]?.[1]);
  });

  it('is cut into the same layers under the same names', () => {
    const net = new nn.Sequential(new Add(1), new nn.Linear(1, 1), new Add(10));
    const rest = net.slice(1, -1);
    expect(rest.at(0)).toBe(net.at(1));
    expect([...rest.stateDict().keys()]).toEqual(['1.weight', '1.bias']);
    expect(
      net
        .slice(0, 1)
        .forward(torch.zeros([1]))
        .tolist(),
    ).toEqual([1]);
    const numbered = new nn.ModuleList(net).slice(1);
    expect(numbered.namedChildren().map(([name]) => name)).toEqual(['0', '1']);
  });

  it('puts layers before the fields of a subclass', () => {
    class Named extends nn.Sequential {
      readonly extra = new nn.Linear(1, 1);
    }
    const net = new Named(new nn.Linear(1, 1));
    expect([...net.stateDict().keys()]).toEqual(['0.weight', '0.bias', 'extra.weight', 'extra.bias']);
  });
});

describe('lists of modules', () => {
  it('are indexed, iterated, grown and changed', () => {
    const [a, b, c] = [new Add(1), new Add(2), new Add(3)];
    const list = new nn.ModuleList([a]).append(b).extend([c]);
    expect([...list]).toEqual([a, b, c]);
    expect([list.length, list.at(0), list.at(-1)]).toEqual([3, a, c]);
    const d = new Add(4);
    list.insert(1, d).set(-1, a);
    expect([...list]).toEqual([a, d, b, a]);
    expect(list.namedModules({ removeDuplicate: false }).map(([name]) => name)).toEqual([
      '',
      '0',
      '1',
      '2',
      '3',
    ]);
    expect(() => list.at(4)).toThrow(torch.IndexError);
    expect(() => list.at(4)).toThrow('index 4 is out of range');
    expect(() => list.insert(9, a)).toThrow('Index out of range: 9');
  });

  it('keep more than ten members in order', () => {
    const list = new nn.ModuleList(Array.from({ length: 12 }, () => new nn.Linear(1, 1, { bias: false })));
    expect([...list.stateDict().keys()].at(-1)).toBe('11.weight');
    expect([...list.stateDict().keys()][2]).toBe('2.weight');
  });

  it('take modules only, under names that can be keys', () => {
    const list = new nn.ModuleList();
    expect(() => list.append(3 as unknown as nn.Module)).toThrow('number is not a Module subclass');
    expect(() => list.addModule('a.b', new Add(1))).toThrow('module name can\'t contain ".", got: a.b');
    expect(() => list.addModule('', new Add(1))).toThrow('module name can\'t be empty string ""');
  });
});
