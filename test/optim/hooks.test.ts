import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { expect, it } from 'vitest';

function made(): { w: nn.Parameter; optimizer: optim.SGD } {
  const w = new nn.Parameter(torch.tensor([1]));
  w.grad = torch.ones([1]);
  return { w, optimizer: new optim.SGD([w], { lr: 1, momentum: 0.5 }) };
}

it('run before and after a step: all optimizers’ around the own ones, as in Python', () => {
  const { w, optimizer } = made();
  const seen: string[] = [];
  const note = (text: string) => () => void seen.push(`${text} ${w.item()}`);
  const handles = [
    optim.registerOptimizerStepPreHook(note('all before')),
    optim.registerOptimizerStepPostHook(note('all after')),
    optimizer.registerStepPreHook(note('before')),
    optimizer.registerStepPostHook(note('after')),
  ];
  optimizer.step();
  expect(seen).toEqual(['all before 1', 'before 1', 'after 0', 'all after 0']);
  for (const handle of handles) handle.remove();
  optimizer.step();
  expect(seen.length).toBe(4);
});

it('may give other arguments', () => {
  const { optimizer } = made();
  const calls: unknown[] = [];
  const handle = optimizer.registerStepPreHook((_, args) => {
    calls.push(args.length);
    return [() => 'another'];
  });
  expect(optimizer.step(() => 'mine')).toBe('another');
  expect(calls).toEqual([1]);
  handle.remove();
  optimizer.registerStepPreHook(() => 5 as never);
  expect(() => optimizer.step()).toThrow('must return nothing or the new arguments, but got 5');
});

it('see and change state dicts', () => {
  const { optimizer } = made();
  const seen: string[] = [];
  optimizer.registerStateDictPreHook(() => void seen.push('before saving'));
  optimizer.registerStateDictPostHook((_, dict) => new Map([...dict, ['note', 7]]) as typeof dict);
  const dict = optimizer.stateDict();
  expect([...dict.keys()]).toEqual(['state', 'param_groups', 'note']);
  const other = made().optimizer;
  other.registerLoadStateDictPreHook((_, given) => {
    seen.push(`loading ${given.get('note')}`);
    given.get('param_groups')[0]?.set('lr', 3);
  });
  other.registerLoadStateDictPostHook(({ paramGroups }) => void seen.push(`loaded ${paramGroups[0]?.lr}`));
  other.registerLoadStateDictPostHook(() => void seen.push('first'), { prepend: true });
  other.loadStateDict(dict);
  expect(seen).toEqual(['before saving', 'loading 7', 'first', 'loaded 3']);
});
