import * as torch from 'libtorch-node';

const { nn } = torch;
const { prune } = nn.utils;

type Net = torch.nn.Module & { forward(x: torch.Tensor): torch.Tensor };

/** What a pruned module is, computes and learns. */
function told(module: Net, x: torch.Tensor) {
  const output = module.forward(x);
  module.zeroGrad();
  output.pow(2).sum().backward();
  const state = [...module.stateDict()].map(([key, tensor]): [string, torch.Tensor] => [key, tensor.clone()]);
  const gradients = module
    .namedParameters()
    .map(([key, { grad }]): [string, unknown] => [key, grad?.clone()]);
  return { output: output.detach(), state: new Map(state), gradients: new Map(gradients) };
}

const conv = () => new nn.Conv2d(3, 6, 3);
const images = () => torch.randn([2, 3, 5, 5]);

function refusals(): string[] {
  const linear = () => new nn.Linear(4, 3);
  const pruned = prune.identity(linear(), 'weight');
  const calls = [
    () => prune.l1Unstructured(linear(), 'weight', -1),
    () => prune.l1Unstructured(linear(), 'weight', 1.5),
    () => prune.l1Unstructured(linear(), 'weight', 'all' as never),
    () => prune.randomUnstructured(linear(), 'weight', 13),
    () => prune.randomStructured(linear(), 'bias', 1, 0),
    () => prune.randomStructured(linear(), 'weight', 1, 2),
    () => prune.lnStructured(linear(), 'weight', 4, 2, 0),
    () => prune.l1Unstructured(linear(), 'weight', 1, { importanceScores: torch.ones([2, 2]) }),
    () => prune.customFromMask(linear(), 'weight', torch.ones([2, 2])),
    () => prune.remove(linear(), 'weight'),
    () => prune.globalUnstructured([[linear(), 'weight']], prune.CustomFromMask as never, [torch.ones([3])]),
    () => prune.globalUnstructured(3 as never, prune.L1Unstructured, [1]),
    () => new prune.L1Unstructured(1).prune(torch.ones([3]), { importanceScores: torch.ones([2]) }),
    () => prune.remove(pruned, 'bias'),
  ];
  return calls.map((call) => {
    try {
      call();
      return 'nothing';
    } catch (error) {
      return (error as Error).message;
    }
  });
}

function single() {
  const amounts = [0, 1, 7, 0.25, torch.float(1)];
  const x = torch.randn([2, 4]);
  const random = amounts.map((amount) =>
    told(prune.randomUnstructured(new nn.Linear(4, 3), 'weight', amount), x),
  );
  const smallest = amounts.map((amount) =>
    told(prune.l1Unstructured(new nn.Linear(4, 3), 'weight', amount), x),
  );
  const importanceScores = torch.randn([3, 4]);
  const scored = told(prune.l1Unstructured(new nn.Linear(4, 3), 'weight', 5, { importanceScores }), x);
  const channels = [0, 1, -1].flatMap((dim) =>
    [0, 1, 0.5].map((amount) => told(prune.randomStructured(conv(), 'weight', amount, dim), images())),
  );
  const norms = ([1, 2, Infinity, -Infinity, 0.5] as const).map((n) =>
    told(prune.lnStructured(conv(), 'weight', 2, n, 0), images()),
  );
  const mask = torch.randint(2, [6, 3, 3, 3]);
  const given = told(prune.customFromMask(conv(), 'weight', mask), images());
  const method = new prune.LnStructured(0.5, 2, { dim: 0 });
  const alone = [
    method.prune(torch.randn([4, 3])),
    method.prune(torch.randn([2, 3]), { defaultMask: torch.zeros([2, 3]) }),
  ];
  return { random, smallest, scored, channels, norms, given, alone };
}

function several() {
  const module = conv();
  const steps = [
    () => prune.randomUnstructured(module, 'weight', 0.2),
    () => prune.lnStructured(module, 'weight', 2, 2, 0),
    () => prune.l1Unstructured(module, 'weight', 11),
    () => prune.lnStructured(module, 'weight', 1, 1, -1),
    () => prune.randomStructured(module, 'weight', 1, 1),
    () => prune.customFromMask(module, 'weight', torch.randint(2, [6, 3, 3, 3])),
    () => prune.identity(module, 'bias'),
  ];
  const after = steps.map((step) => {
    step();
    return told(module, images());
  });
  const pruned = prune.isPruned(new nn.Sequential(module));
  const fresh = prune.identity(prune.identity(conv(), 'weight'), 'bias');
  fresh.loadStateDict(module.stateDict());
  prune.remove(module, 'weight');
  const left = [told(module, images()), told(fresh, images())];
  prune.remove(module, 'bias');
  return { after, pruned, left, done: told(module, images()), isPruned: prune.isPruned(module) };
}

function together() {
  const model = new nn.Sequential<torch.nn.Layer>(new nn.Linear(4, 6), new nn.Tanh(), new nn.Linear(6, 3));
  const [first, last] = [model.at(0), model.at(2)] as [torch.nn.Linear, torch.nn.Linear];
  const all = [
    [first, 'weight'],
    [first, 'bias'],
    [last, 'weight'],
  ] as const;
  const x = torch.randn([5, 4]);
  prune.globalUnstructured(all, prune.L1Unstructured, [0.3]);
  const once = told(model, x);
  prune.globalUnstructured(all, prune.RandomUnstructured, [9]);
  const twice = told(model, x);
  const importanceScores = new Map([[last, { weight: torch.randn([3, 6]) }]]);
  prune.globalUnstructured(all, prune.L1Unstructured, [0.5], { importanceScores });
  return { once, twice, scored: told(model, x) };
}

/** torch.nn.utils.prune. */
export function pruning() {
  return { single: single(), several: several(), together: together(), refusals: refusals() };
}
