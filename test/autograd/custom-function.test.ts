import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const { Function: AutogradFunction } = torch.autograd;
type Context = torch.autograd.FunctionContext;

class Exp extends AutogradFunction {
  static forward(context: Context, x: torch.Tensor): torch.Tensor {
    const result = x.exp();
    context.saveForBackward(result);
    return result;
  }
  static override backward(context: Context, gradient: torch.Tensor): torch.Tensor {
    const [result] = context.savedTensors as [torch.Tensor];
    return gradient.mul(result);
  }
}

const leaf = (values = [0.5, 1, 2], dtype = torch.float64) =>
  torch.tensor(values, { dtype, requiresGrad: true });

test('forward and backward in TypeScript give the gradient of the operator', () => {
  const [mine, theirs] = [leaf(), leaf()];
  const y = Exp.apply(mine);
  expect([y.gradFn, y.requiresGrad, y.isLeaf]).toEqual(['ExpBackward', true, false]);
  y.mul(y).sum().backward();
  theirs.exp().square().sum().backward();
  expect(mine.grad?.equal(theirs.grad as torch.Tensor)).toBe(true);
});

test('the derivative has a derivative', () => {
  const x = leaf([1]);
  const [first] = torch.autograd.grad(Exp.apply(x).sum(), x, { createGraph: true });
  const [second] = torch.autograd.grad((first as torch.Tensor).sum(), x);
  expect(second?.item()).toBe(x.exp().item());
});

test('without a graph there is none', () => {
  expect(torch.noGrad(() => Exp.apply(leaf())).requiresGrad).toBe(false);
  expect(Exp.apply(torch.ones([2])).requiresGrad).toBe(false);
});

class Affine extends AutogradFunction {
  static needs: boolean[] = [];
  static forward(context: Context, x: torch.Tensor, scale: number, w: torch.Tensor) {
    context.saveForBackward(x, w);
    Object.assign(context, { scale });
    const bigger = x.gt(w);
    context.markNonDifferentiable(bigger);
    return [x.mul(w).mul(scale), bigger] as const;
  }
  static override backward(context: Context & { scale?: number }, gradient: torch.Tensor) {
    Affine.needs = context.needsInputGrad;
    const [x, w] = context.savedTensors as [torch.Tensor, torch.Tensor];
    const scaled = gradient.mul(context.scale as number);
    return [scaled.mul(w), null, scaled.mul(x)];
  }
}

test('several arguments, of which some are no tensors, and several outputs', () => {
  const [x, w] = [leaf([3]), leaf([5])];
  const [product, bigger] = Affine.apply(x, 2, w);
  expect([product.item(), bigger.item(), bigger.requiresGrad]).toEqual([30, false, false]);
  product.backward();
  expect([x.grad?.item(), w.grad?.item()]).toEqual([10, 6]);
  expect(Affine.needs).toEqual([true, false, true]);
});

test('in place: the same object comes back, with history', () => {
  class Double extends AutogradFunction {
    static forward(context: Context, x: torch.Tensor) {
      context.markDirty(x);
      return x.mul_(2);
    }
    static override backward(_: Context, gradient: torch.Tensor) {
      return gradient.mul(2);
    }
  }
  const x = leaf();
  const y = x.mul(1);
  expect(Double.apply(y)).toBe(y);
  y.sum().backward();
  expect(x.grad?.tolist()).toEqual([2, 2, 2]);
});

test('what was saved is checked, freed, and out of reach afterwards', () => {
  const x = leaf();
  const y = Exp.apply(x);
  y.sum().backward();
  expect(() => y.sum().backward()).toThrow(/Trying to backward through the graph a second time/);
  const z = Exp.apply(x);
  torch.noGrad(() => z.add_(1));
  expect(() => z.sum().backward()).toThrow(/modified by an inplace operation/);
});

test('wrong answers of backward are named', () => {
  const answering = (answer: unknown) => {
    class Wrong extends AutogradFunction {
      static forward(_: Context, x: torch.Tensor, n: number) {
        return x.mul(n);
      }
      static override backward() {
        return answer as torch.Tensor;
      }
    }
    return () => Wrong.apply(leaf(), 2).sum().backward();
  };
  const gradient = torch.ones([3], { dtype: torch.float64 });
  expect(answering(gradient)).toThrow(
    'function WrongBackward returned an incorrect number of gradients (expected 2, got 1)',
  );
  expect(answering([gradient, gradient])).toThrow(/different from None at position 2/);
  expect(answering([5, null])).toThrow(/expected Tensor or null \(got number\)/);
  expect(answering([torch.ones([2]), null])).toThrow(/returned an invalid gradient at index 0/);
  expect(answering([gradient, null, null])).not.toThrow();
  class OneWay extends AutogradFunction {
    static forward(_: Context, x: torch.Tensor) {
      return x.clone();
    }
  }
  expect(() => OneWay.apply(leaf()).sum().backward()).toThrow(/must implement a static backward/);
});

test('what forward and backward throw comes out, the same object', () => {
  const mine = { not: 'even an Error' };
  class Throws extends AutogradFunction {
    static forward(_: Context, x: torch.Tensor, now: boolean) {
      if (now) throw mine;
      return x.clone();
    }
    static override backward(): torch.Tensor {
      throw mine;
    }
  }
  const caught = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return error;
    }
  };
  expect(caught(() => Throws.apply(leaf(), true))).toBe(mine);
  expect(caught(() => Throws.apply(leaf(), false).sum().backward())).toBe(mine);
});
