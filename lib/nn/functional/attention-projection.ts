import { TorchError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { sizeText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';

type Three = [q: Tensor, k: Tensor, v: Tensor];

/** One matmul for several projections of the same input, as contiguous parts. */
function together(x: Tensor, weight: Tensor, bias: Tensor | null, parts: number): Tensor[] {
  const size = x.size(-1);
  const all = aten.linear(x, weight, bias).unflatten(-1, [parts, size]).unsqueeze(0);
  const stacked = all.transpose(0, -2).squeeze(-2).contiguous();
  return Array.from({ length: parts }, (_, i) => stacked.select(0, i));
}

/** Query, key and value by one packed weight [3E, E]; which of them are the same tensor decides the matmuls. */
export function projectPacked([q, k, v]: Three, weight: Tensor, bias: Tensor | null): Three {
  const size = q.size(-1);
  if (k === v && q === k) return together(q, weight, bias, 3) as Three;
  if (k === v) {
    const [weightQ, weightKv] = weight.split([size, size * 2]) as [Tensor, Tensor];
    const [biasQ, biasKv] = bias ? (bias.split([size, size * 2]) as [Tensor, Tensor]) : [null, null];
    return [aten.linear(q, weightQ, biasQ), ...(together(k, weightKv, biasKv, 2) as [Tensor, Tensor])];
  }
  const weights = weight.chunk(3);
  const biases = bias?.chunk(3);
  return [q, k, v].map((x, i) => aten.linear(x, weights[i] as Tensor, biases?.[i] ?? null)) as Three;
}

/** Each by a weight of its own: [E, size of that input]. */
export function projectApart(inputs: Three, weights: Three, bias: Tensor | null): Three {
  const size = inputs[0].size(-1);
  const names = ['query', 'key', 'value'];
  inputs.forEach((x, i) => {
    const [expected, got] = [`(${size}, ${x.size(-1)})`, sizeText((weights[i] as Tensor).shape)];
    if (got === `torch.Size([${expected.slice(1, -1)}])`) return;
    throw new TorchError(`expecting ${names[i]} weights shape of ${expected}, but got ${got}`);
  });
  const biases = bias?.chunk(3);
  return inputs.map((x, i) => aten.linear(x, weights[i] as Tensor, biases?.[i] ?? null)) as Three;
}
