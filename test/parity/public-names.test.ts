import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from '../live-python.js';
import { namesWithoutCounterpart } from './names-without-counterpart.js';

const { autograd, nn, optim } = torch;

/** Where this library has what a module of PyTorch has. */
const places: Record<string, object> = {
  'torch.nn': nn,
  'torch.nn.functional': nn.functional,
  'torch.nn.init': nn.init,
  'torch.nn.parameter': nn,
  'torch.nn.attention': nn.attention,
  'torch.nn.parallel': {},
  'torch.nn.utils': nn.utils,
  'torch.nn.utils.clip_grad': nn.utils,
  'torch.nn.utils.convert_parameters': nn.utils,
  'torch.nn.utils.fusion': nn.utils,
  'torch.nn.utils.memory_format': nn.utils,
  'torch.nn.utils.parametrizations': nn.utils.parametrizations,
  'torch.nn.utils.parametrize': nn.utils.parametrize,
  'torch.nn.utils.prune': nn.utils.prune,
  'torch.nn.utils.rnn': nn.utils.rnn,
  'torch.nn.utils.stateless': nn.utils.stateless,
  'torch.optim': optim,
  'torch.optim.lr_scheduler': optim.lrScheduler,
  'torch.optim.swa_utils': torch.swaUtils,
  'torch.utils.data': torch.data,
  'torch.utils.data.distributed': torch.data,
  'torch.utils.checkpoint': torch,
  'torch.amp': torch.amp,
  'torch.autograd': autograd,
  'torch.autograd.function': autograd.function,
  'torch.autograd.functional': autograd.functional,
  'torch.autograd.graph': autograd,
  'torch.autograd.forward_ad': {},
  'torch.autograd.grad_mode': torch,
  'torch.autograd.anomaly_mode': autograd,
};

// A name is public where the module says so, else where it is defined there (or in C++, which says nothing).
const script = `
import importlib, types, warnings
warnings.simplefilter("ignore")

def public(module):
    named = getattr(module, "__all__", None)
    for name in named if named is not None else dir(module):
        value = getattr(module, name)
        home = getattr(value, "__module__", "") or module.__name__
        if isinstance(value, types.ModuleType) or (named is None and (name.startswith("_") or not callable(value))):
            continue
        if named is not None or home.startswith((module.__name__, "torch._C._nn")):
            yield name

print(json.dumps({name: sorted(public(importlib.import_module(name))) for name in input}))
`;

/** max_pool2d_with_indices → maxPool2dWithIndices; classes and constants keep their names. */
function here(name: string): string {
  return /^_?[a-z]/.test(name)
    ? name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, next: string) => next.toUpperCase())
    : name;
}

test('every public name of PyTorch has its counterpart, but for those of a list with reasons', () => {
  const theirs = runPython<Record<string, string[]>>(script, Object.keys(places));
  const listed = Object.entries(theirs).map(([module, names]) => [module, names.length]);
  expect(Object.fromEntries(listed)['torch.nn']).toBeGreaterThan(160);
  expect(Object.fromEntries(listed)['torch.nn.functional']).toBeGreaterThan(100);
  const missing = Object.entries(theirs).flatMap(([module, names]) =>
    names.filter((name) => !(here(name) in (places[module] as object))).map((name) => `${module}.${name}`),
  );
  // Both ways: a name that has come since leaves the list.
  expect(missing.sort()).toEqual(namesWithoutCounterpart().sort());
});
