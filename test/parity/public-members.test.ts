import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const { nn, optim } = torch;

const places: Record<string, object> = {
  'torch.nn': nn,
  'torch.nn.utils.parametrize': nn.utils.parametrize,
  'torch.nn.utils.prune': nn.utils.prune,
  'torch.optim': optim,
  'torch.optim.lr_scheduler': optim.lrScheduler,
  'torch.optim.swa_utils': torch.swaUtils,
  'torch.utils.data': torch.data,
  'torch.amp': torch.amp,
};

// Methods that a class has defined itself; tensors have a table of their own, and properties are fields here.
const script = `
import importlib, inspect, torch, warnings
warnings.simplefilter("ignore")

def methods(cls):
    own = {name for base in cls.__mro__ if base.__module__.startswith("torch") for name in vars(base)}
    return sorted(name for name in own if not name.startswith("_") and callable(inspect.getattr_static(cls, name, None))
                  or isinstance(inspect.getattr_static(cls, name, None), (classmethod, staticmethod)) and name[0] != "_")

def classes(module):
    for name in dir(module):
        value = getattr(module, name)
        if isinstance(value, type) and value.__module__.startswith(module.__name__) and not name.startswith("_"):
            if not issubclass(value, (torch.Tensor, tuple)):
                yield name, methods(value)

print(json.dumps({name: dict(classes(importlib.import_module(name))) for name in input}))
`;

/** Methods of PyTorch's classes that have no counterpart, by what stands in the way. */
const reasons: Record<string, string> = {
  "types, which are TypeScript's": 'OptimizerPreHook OptimizerPostHook',
  'abstract, so that only subclasses have it': 'compute_mask get_lr',
  'torch.compile compiles Python': 'compile',
  'accelerators that libtorch here is not built for': 'ipu mtia xpu',
  'given up for the full backward hook': 'register_backward_hook',
  'share and adopt hand a tensor to another thread': 'share_memory',
  'steps of forward that PyTorch keeps apart for TorchScript':
    'check_forward_args check_hidden_size get_expected_cell_size get_expected_hidden_size permute_hidden ' +
    'flatten_parameters cumsum check_worker_number_rationality profile_hook_step recursive_undo scale_fn',
  'lazy modules change their class without a base class of their own':
    'cls_to_become has_uninitialized_params initialize_parameters',
  'a Map has other ways': 'fromkeys popitem setdefault',
};

const camel = (name: string) =>
  name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, next: string) => next.toUpperCase());

type Kind = { prototype: object };

test('every method of PyTorch has its counterpart, but for those of a list with reasons', () => {
  const theirs = runPython<Record<string, Record<string, string[]>>>(script, Object.keys(places));
  const missing = new Set<string>();
  let count = 0;
  for (const [module, classes] of Object.entries(theirs)) {
    for (const [name, methods] of Object.entries(classes)) {
      const ours = Reflect.get(places[module] as object, name) as Kind | undefined;
      if (typeof ours !== 'function') continue; // test/parity/public-names.test.ts knows why
      count += methods.length;
      for (const method of methods) {
        if (!(camel(method) in (ours as Kind).prototype) && !(camel(method) in ours)) missing.add(method);
      }
    }
  }
  expect(count).toBeGreaterThan(5000);
  const known = Object.values(reasons).flatMap((text) => text.split(' '));
  // Both ways: a method that has come since leaves the list.
  expect([...missing].sort()).toEqual(known.sort());
});
