// Small operators, whole calls from JavaScript, in microseconds: best of five passes.
import * as torch from 'libtorch-node';

torch.setNumThreads(1);
const { scoped } = JSON.parse(process.argv[2]);
const a = torch.rand(8, 8);
const b = torch.rand(8, 8);
const weight = torch.rand(8, 8, { requiresGrad: true });

const operators = {
  add: () => a.add(b),
  'mul by a number': () => a.mul(2),
  'matmul 8x8': () => a.matmul(b),
  view: () => a.view([64]),
  select: () => a.select(0, 1),
  cat: () => torch.cat([a, b]),
  'relu, recorded': () => weight.relu(),
  'sum by name': () => a.sum({ dim: 1, keepdim: true }),
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
    for (let i = 0; i < 60; i++) round();
    best = Math.min(best, ((performance.now() - begin) * 1000) / (60 * block));
  }
  results[name] = best;
}
console.log(JSON.stringify(results));
