import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

class Leaf extends nn.Module {
  readonly weightNorm = new nn.Parameter(torch.ones([2]));
  readonly bias: nn.Parameter | null = null;
  readonly runningMean = this.registerBuffer('runningMean', torch.zeros([2]));
  readonly scratch = this.registerBuffer('scratch', torch.zeros([1]), { persistent: false });
  readonly plain = torch.zeros([3]);
}

class Tree extends nn.Module {
  readonly firstLeaf = new Leaf();
  readonly scale = new nn.Parameter(torch.ones([1]));
  readonly twin = this.firstLeaf;
  readonly nothing: Leaf | null = null;
  readonly layers = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU());
}

const names = (pairs: [string, unknown][]): string[] => pairs.map(([name]) => name);

describe('walking', () => {
  it('finds members in the order in which fields are defined, parameters of a module before its children', () => {
    expect(names(new Tree().namedParameters())).toEqual([
      'scale',
      'first_leaf.weight_norm',
      'layers.0.weight',
      'layers.0.bias',
    ]);
  });

  it('lists a shared module under its first name, or under all of them', () => {
    const tree = new Tree();
    const all = names(tree.namedParameters({ removeDuplicate: false }));
    expect(all).toContain('twin.weight_norm');
    expect(all).toHaveLength(5);
    expect(names(tree.namedModules())).toEqual(['', 'first_leaf', 'layers', 'layers.0', 'layers.1']);
    expect(names(tree.namedModules({ removeDuplicate: false }))).toContain('twin');
    expect(names(tree.namedChildren())).toEqual(['first_leaf', 'layers']);
    expect(tree.children()[0]).toBe(tree.firstLeaf);
  });

  it('counts registered buffers only, also the ones left out of files', () => {
    const leaf = new Leaf();
    expect(names(leaf.namedBuffers())).toEqual(['running_mean', 'scratch']);
    expect([...leaf.stateDict().keys()]).toEqual(['weight_norm', 'running_mean']);
  });

  it('takes prefix and recurse', () => {
    const tree = new Tree();
    expect(names(tree.namedParameters({ recurse: false, prefix: 'net' }))).toEqual(['net.scale']);
    expect(names(tree.namedBuffers({ prefix: 'net' }))[0]).toBe('net.first_leaf.running_mean');
    expect(tree.parameters({ recurse: false })[0]).toBe(tree.scale);
  });

  it('keeps names that are PyTorch spelling already', () => {
    class Old extends nn.Module {
      readonly conv_1a = new nn.Linear(1, 1, { bias: false });
      readonly Mixed_5b = new nn.Linear(1, 1, { bias: false });
    }
    expect([...new Old().stateDict().keys()]).toEqual(['conv_1a.weight', 'Mixed_5b.weight']);
  });

  it('finds a submodule by its path, and says where the path breaks', () => {
    const tree = new Tree();
    expect(tree.getSubmodule('')).toBe(tree);
    expect(tree.getSubmodule('layers.1')).toBe(tree.layers.at(1));
    expect(() => tree.getSubmodule('layers.7')).toThrow('Sequential has no attribute `7`');
  });
});

describe('registerBuffer', () => {
  it('refuses names that cannot be keys, names that are taken, and values that are no tensors', () => {
    const module = new nn.Module();
    const zero = torch.zeros([1]);
    expect(() => module.registerBuffer('a.b', zero)).toThrow('buffer name can\'t contain "."');
    expect(() => module.registerBuffer('', zero)).toThrow('buffer name can\'t be empty string ""');
    expect(() => module.registerBuffer('training', zero)).toThrow("attribute 'training' already exists");
    expect(() => module.registerBuffer('x', 3 as unknown as torch.Tensor)).toThrow(
      "cannot assign 'number' object to buffer 'x' (torch Tensor or None required)",
    );
  });

  it('keeps the buffer when the scope around the constructor ends', () => {
    const leaf = torch.scope(() => {
      const made = new Leaf();
      return { made: () => made };
    });
    expect(leaf.made().runningMean.tolist()).toEqual([0, 0]);
    expect(leaf.made().weightNorm.tolist()).toEqual([1, 1]);
  });

  it('is a parameter no more for being one', () => {
    const module = new nn.Module();
    module.registerBuffer('statistic', new nn.Parameter(torch.ones([1])));
    expect(module.parameters()).toEqual([]);
    expect(module.buffers()).toHaveLength(1);
  });
});

describe('modes and gradients', () => {
  it('sets training for all modules and answers with itself', () => {
    const tree = new Tree();
    expect(tree.eval()).toBe(tree);
    expect(tree.modules().map((module) => module.training)).toEqual(Array(5).fill(false));
    tree.layers.train();
    expect([tree.training, tree.layers.at(0).training]).toEqual([false, true]);
    expect(() => tree.train(1 as unknown as boolean)).toThrow('training mode is expected to be boolean');
  });

  it('drops gradients, or fills them with zeros in place', () => {
    const layer = new nn.Linear(2, 1);
    layer
      .forward(torch.ones([1, 2]))
      .sum()
      .backward();
    const { grad } = layer.weight;
    layer.zeroGrad({ setToNone: false });
    expect(layer.weight.grad).toBe(grad);
    expect(grad?.tolist()).toEqual([[0, 0]]);
    layer.zeroGrad();
    expect(layer.weight.grad).toBeNull();
  });

  it('freezes parameters', () => {
    const layer = new nn.Linear(2, 1).requiresGrad_(false);
    expect(layer.forward(torch.ones([1, 2])).requiresGrad).toBe(false);
  });

  it('applies a function to children first', () => {
    const seen: string[] = [];
    new Tree().apply((module) => seen.push(module.constructor.name));
    expect(seen).toEqual(['Leaf', 'Linear', 'ReLU', 'Sequential', 'Tree']);
  });

  it('has no forward of its own', () => {
    expect(() => new nn.ModuleList().forward()).toThrow(torch.NotImplementedError);
    expect(() => new nn.ModuleList().forward()).toThrow(
      'Module [ModuleList] is missing the required "forward" function',
    );
  });
});
