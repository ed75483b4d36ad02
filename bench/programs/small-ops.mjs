// Small operators, whole calls from JavaScript, in microseconds: best of five passes.
import * as torch from 'libtorch-node';

torch.setNumThreads(1);
const { scoped } = JSON.parse(process.argv[2]);
const a = torch.rand(8, 8);
const b = torch.rand(8, 8);
const weight = torch.rand(8, 8, { requiresGrad: true });

const layers = Array.from({ length: 4 }, () => ({
  weight: torch.rand(8, 8, { requiresGrad: true }),
  bias: torch.rand(8, { requiresGrad: true }),
}));
const rows = torch.tensor([1n, 3n, 5n]);
/** Ten operators. */
const loss = (x) => {
  const y = layers.reduce((h, { weight, bias }, i) => {
    const out = torch.nn.functional.linear(h, weight, bias);
    return i < 3 ? out.relu() : out;
  }, x);
  return y.sub(b).pow(2).mean();
};
const recorded = torch.record(loss, [a]);
const step = () => {
  loss(a).backward();
  for (const { weight, bias } of layers) weight.grad = bias.grad = null;
};

/** A graph of its own is dropped at once, as Python's is. */
const alone = (run) => (scoped ? () => torch.scope(() => void run()) : run);

const operators = {
  add: () => a.add(b),
  'mul by a number': () => a.mul(2),
  'matmul 8x8': () => a.matmul(b),
  view: () => a.view([64]),
  select: () => a.select(0, 1),
  cat: () => torch.cat([a, b]),
  'relu, recorded': () => weight.relu(),
  'sum by name': () => a.sum({ dim: 1, keepdim: true }),
  'index by an integer': () => a.index(1),
  'index by a tensor': () => a.index(rows),
  'MLP of 10 operators, forward': alone(() => loss(a)),
  'MLP of 10 operators, forward, recorded once': alone(() => recorded.run(a)),
  'MLP of 10 operators, forward and backward': alone(step),
};

const block = 500;
const results = {};
for (const [name, operator] of Object.entries(operators)) {
  const many = () => {
    for (let i = 0; i < block; i++) operator();
  };
  const round = scoped ? () => torch.scope(many) : many;
  for (let i = 0; i < 20; i++) round();
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < 5; pass++) {
    const begin = performance.now();
    for (let i = 0; i < 20; i++) round();
    best = Math.min(best, ((performance.now() - begin) * 1000) / (20 * block));
  }
  results[name] = best;
}
console.log(JSON.stringify(results));
