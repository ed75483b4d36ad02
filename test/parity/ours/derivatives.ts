import * as torch from 'libtorch-node';

const { functional } = torch.autograd;

type Tensor = torch.Tensor;
type Call = () => unknown;

function message(call: Call): string {
  try {
    call();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
}

const detached = (value: unknown): unknown =>
  torch.isTensor(value)
    ? [value.detach(), value.requiresGrad]
    : Array.isArray(value)
      ? value.map(detached)
      : value;

/** Jacobians, Hessians and products with them; then what `strict` and wrong vectors are told. */
export function derivatives() {
  const [x, y] = [torch.randn([3]), torch.randn([2, 3], { requiresGrad: true })];
  const one = (a: Tensor) => a.exp().mul(a.sum());
  const two = (a: Tensor, b: Tensor) => [b.matmul(a), a.sin().sum(), b.pow(2)];
  const scalar = (a: Tensor) => a.pow(3).sum();
  const mixed = (a: Tensor, b: Tensor) => b.matmul(a).pow(3).sum();
  const lonely = (a: Tensor, _b: Tensor) => a.pow(2).sum();
  const linear = (a: Tensor) => a.sum();
  const pair = [x, y];
  const graph = { createGraph: true };
  const strict = { strict: true };
  const v = [torch.randn([3]), torch.randn([2, 3])];
  const outputsLike = [torch.randn([2]), torch.randn([]), torch.randn([2, 3])];
  const results: Call[] = [
    () => functional.jacobian(one, x),
    () => functional.jacobian(one, [x]),
    () => functional.jacobian(two, pair),
    () => functional.jacobian(two, pair, graph),
    () => functional.jacobian(lonely, pair),
    () => functional.hessian(scalar, x),
    () => functional.hessian(mixed, pair),
    () => functional.hessian(mixed, pair, graph),
    () => functional.hessian(lonely, pair),
    () => functional.vjp(two, pair, outputsLike),
    () => functional.vjp(scalar, x, null, graph),
    () => functional.vjp(lonely, pair, null, graph),
    () => functional.jvp(two, pair, v),
    () => functional.jvp(two, pair, v, graph),
    () => functional.jvp(one, x, v[0] as Tensor),
    () => functional.vhp(mixed, pair, v),
    () => functional.vhp(mixed, pair, v, graph),
    () => functional.vhp(scalar, x, v[0] as Tensor),
    () => functional.hvp(mixed, pair, v),
    () => functional.hvp(mixed, pair, v, graph),
    () => functional.hvp(scalar, torch.tensor(0.5)),
    () => torch.noGrad(() => functional.vjp(scalar, x)),
  ];
  const refused: Call[] = [
    () => functional.jacobian(lonely, pair, strict),
    () => functional.jacobian(linear, x, { ...strict, ...graph }),
    () => functional.jacobian(() => torch.ones([2]), x, strict),
    () => functional.hessian(linear, x, strict),
    () => functional.hessian(one, x),
    () => functional.hessian((a: Tensor) => [a.sum()], x),
    () => functional.vjp(lonely, pair, null, strict),
    () => functional.vjp(one, x),
    () => functional.vjp(one, x, torch.ones([2])),
    () => functional.vjp(two, pair, [torch.ones([2])]),
    () => functional.jvp(one, x),
    () => functional.jvp(two, pair, [torch.ones([3]), torch.ones([3])]),
    () => functional.jvp(lonely, pair, v, strict),
    () => functional.vhp(linear, x, v[0] as Tensor, strict),
    () => functional.vhp(one, x, v[0] as Tensor),
    () => functional.hvp(linear, x, v[0] as Tensor, strict),
  ];
  return { results: results.map((call) => detached(call())), refused: refused.map(message) };
}
