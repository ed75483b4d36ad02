// The chunked linear cross entropy: the operations of PyTorch's op in their order, over the same buffers.

import { AutogradFunction, type FunctionContext } from '../../autograd/custom-function.js';
import { bfloat16, type DType, float16, float32 } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import type { Reduction } from '../reduction.js';
import type { Chunking } from './linear-cross-entropy-options.js';

/** What the loss is computed from. */
export interface Inputs {
  input: Tensor;
  linearWeight: Tensor;
  target: Tensor;
  linearBias: Tensor | null;
  weight: Tensor | null;
}

export interface LossKind {
  reduction: Reduction;
  ignoreIndex: number;
  chunking: Chunking;
}

type Wanted = [input: boolean, linearWeight: boolean, linearBias: boolean];

interface Outcome {
  loss: Tensor;
  input: Tensor | null;
  linearWeight: Tensor | null;
  linearBias: Tensor | null;
}

/** The dtypes that a policy keeps its intermediates in. */
function dtypes(dtype: DType, { policy, accDtype: acc }: Chunking) {
  const mixed = dtype !== acc;
  if (mixed && !((dtype === float16 || dtype === bfloat16) && acc === float32)) {
    throw new TorchError(
      `linear_cross_entropy supports float32 acc_dtype with float16/bfloat16 inputs, but got ${acc} acc_dtype and ` +
        `${dtype} inputs.`,
    );
  }
  if (!mixed) return { mixed, output: dtype, gradInput: dtype, logits: dtype, weights: dtype };
  const saving = policy !== 'accurate';
  return {
    mixed,
    output: dtype === float16 ? acc : dtype,
    gradInput: saving ? dtype : acc,
    logits: saving && dtype === float16 ? dtype : acc,
    weights: acc,
  };
}

/** Minus the weight of each target, divided as the reduction says; 0 where the target is ignored. */
function negatedWeights(
  given: Inputs,
  kind: LossKind,
  dtype: DType,
  gradOutput: Tensor | null,
): [Tensor, Tensor] {
  const { target, weight, linearWeight } = given;
  const { ignoreIndex, reduction } = kind;
  const mask = target.eq(ignoreIndex);
  const inside = ignoreIndex >= 0 && ignoreIndex < linearWeight.size(0);
  const corrected = inside ? target : (aten.where(mask, 0, target) as Tensor);
  let weights: Tensor;
  if (!weight) weights = mask.bitwiseNot().to(dtype);
  else if (corrected.numel() > weight.numel()) {
    weights = aten.where(mask, 0, weight.to(dtype).indexSelect(0, corrected)) as Tensor;
  } else weights = aten.where(mask, 0, weight.indexSelect(0, corrected).to(dtype)) as Tensor;
  if (reduction === 'mean') {
    const sum = weights.sum();
    weights.div_(aten.where(sum.eq(0), NaN, sum.neg()) as Tensor);
  } else if (reduction === 'sum') {
    weights.neg_();
  } else if (gradOutput) {
    weights.neg_().mul_(gradOutput.to(weights.dtype));
  }
  return [corrected, weights];
}

function mm(a: Tensor, b: Tensor, out: Tensor): void {
  if (a.dtype === out.dtype) aten.mm(a, b, { out });
  else (aten.mm as (...args: unknown[]) => Tensor)(a, b, { outDtype: out.dtype, out });
}

/** Loss and gradients; with 'none' and a gradient of the output, the gradients alone. */
function accumulate(given: Inputs, kind: LossKind, wanted: Wanted, gradOutput: Tensor | null): Outcome {
  const { input, linearWeight, linearBias } = given;
  const { dtype, device } = input;
  const [batches, features] = input.shape as [number, number];
  const classes = linearWeight.size(0);
  const { chunking, reduction } = kind;
  const { size, policy, accDtype } = chunking;
  const types = dtypes(dtype, chunking);
  const cuda = device.type === 'cuda';
  const { mixed } = types;
  const [wantsInput, wantsWeight, wantsBias] = wanted;
  const empty = (shape: number[], kindOf: DType) => aten.empty(shape, { dtype: kindOf, device });
  const zeros = (shape: number[], kindOf: DType) => aten.zeros(shape, { dtype: kindOf, device });

  const casts = mixed && (!cuda || (wantsInput && types.gradInput === types.logits));
  const weightDtype = casts ? types.logits : dtype;
  const scratch = wantsWeight && !(policy === 'compact' && (cuda || types.logits === dtype));
  const inputScratch = wantsInput && !cuda && types.gradInput !== weightDtype;
  const copiesInput = mixed && (wantsWeight || (!cuda && dtype !== types.logits));
  const forwardAcc = mixed && !cuda && dtype !== types.logits;
  const sameMm = types.logits === accDtype;
  const lowInputGrad = cuda && wantsInput && types.logits !== types.gradInput;
  const caches = lowInputGrad || (wantsWeight && !scratch && types.logits !== dtype);
  const reusesLogits = !scratch && mixed && classes * types.logits.itemsize >= features * dtype.itemsize;

  const logitsBuffer = empty([size, classes], types.logits);
  const row = empty([size], types.logits);
  const output = zeros([], types.output);
  const weightCast = weightDtype === dtype ? linearWeight : linearWeight.to(weightDtype);
  const biasCast =
    linearBias && (linearBias.dtype === types.logits ? linearBias : linearBias.to(types.logits));
  const gradInput = wantsInput ? empty(input.shape, types.gradInput) : null;
  const gradWeight = wantsWeight ? zeros(linearWeight.shape, dtype) : null;
  const gradBias = wantsBias ? zeros([classes], dtype) : null;
  const weightScratch = scratch ? empty([classes, features], accDtype) : null;
  const logitsAcc = scratch && !cuda && types.logits !== accDtype ? empty([size, classes], accDtype) : null;
  const inputGradScratch = inputScratch ? empty([size, features], weightDtype) : null;
  const inputAcc = copiesInput ? empty([size, features], accDtype) : null;
  const biasScratch = wantsBias && mixed ? zeros([classes], accDtype) : null;
  const [targets, weights] = negatedWeights(given, kind, types.weights, gradOutput);
  const losses = reduction === 'none' && !gradOutput ? empty([batches], dtype) : null;
  if (reduction === 'mean' && batches === 0) output.fill_(NaN);

  const scaled = (x: Tensor, w: Tensor): Tensor => {
    if (mixed) return x.mul_(w.unsqueeze(1));
    if (classes < features) return x.mul(w.unsqueeze(1));
    const out = logitsBuffer.narrow(0, 0, x.size(0)).narrow(1, 0, features);
    return aten.mul(x, w.unsqueeze(1), { out });
  };
  const lowered = (x: Tensor): Tensor => {
    if (x.dtype === dtype) return x;
    if (!reusesLogits) return x.to(dtype);
    const [rows, columns] = x.shape as [number, number];
    return logitsBuffer.view(dtype).narrow(0, 0, rows).narrow(1, 0, columns).copy_(x);
  };

  for (let start = 0; start < batches; start += size) {
    const count = Math.min(size, batches - start);
    const chunk = input.narrow(0, start, count);
    const target = targets.narrow(0, start, count);
    const w = weights.narrow(0, start, count);
    const logits = logitsBuffer.narrow(0, 0, count);
    const chunkAcc = inputAcc ? inputAcc.narrow(0, 0, count).copy_(chunk) : chunk;
    const part = row.narrow(0, 0, count);
    mm(forwardAcc ? chunkAcc : chunk, (cuda && mixed ? linearWeight : weightCast).t(), logits);
    if (biasCast) logits.add_(biasCast);
    aten.amax(logits, 1, true, { out: part.unsqueeze(1) });
    logits.sub_(part.unsqueeze(1));
    const chosen = logits.gather(1, target.unsqueeze(1)).squeeze(1);
    if (losses) {
      const sums = logits.exp_().sum(1, { dtype: accDtype });
      const loss = sums.log_().sub_(chosen.to(sums.dtype));
      losses.narrow(0, start, count).copy_(loss.mul_(w.to(sums.dtype)));
      continue;
    }
    output.add_(w.dot(chosen.to(w.dtype)));
    const sums = logits.exp_().sum(1, { dtype: accDtype });
    const differentiates = wantsInput || wantsWeight || wantsBias;
    if (differentiates) {
      aten.div(w, sums, { out: part });
      aten.mul(logits, part.unsqueeze(1), { out: logits });
    }
    output.sub_(w.to(sums.dtype).dot(sums.log_()));
    if (!differentiates) continue;
    const low = caches ? logits.to(linearWeight.dtype) : logits;
    if (gradBias) {
      const bias = biasScratch ?? gradBias;
      bias.sub_(logits.sum(0, { dtype: mixed ? accDtype : dtype }));
      bias.indexAdd_(0, target, w);
    }
    const inputGrad = inputGradScratch?.narrow(0, 0, count) ?? gradInput?.narrow(0, start, count);
    if (inputGrad) {
      const rows = aten.indexSelect(weightCast, 0, target);
      aten.mul(rows, w.to(inputGrad.dtype).unsqueeze(1), { out: inputGrad });
      const [left, right] = lowInputGrad ? [low, linearWeight] : [logits, weightCast];
      aten.addmm(inputGrad, left, right, { alpha: -1, out: inputGrad });
    }
    if (gradWeight && weightScratch) {
      const upcast = cuda || sameMm ? logits : (logitsAcc as Tensor).narrow(0, 0, count).copy_(logits);
      mm(upcast.t(), cuda && !sameMm ? chunk : chunkAcc, weightScratch);
      weightScratch.indexAdd_(0, target, scaled(chunkAcc, w), { alpha: -1 });
      gradWeight.sub_(weightScratch);
    } else if (gradWeight) {
      gradWeight.addmm_(low.t(), chunk, { alpha: -1 });
      gradWeight.indexAdd_(0, target, lowered(scaled(chunkAcc, w)), { alpha: 1 });
    }
    if (inputGradScratch) gradInput?.narrow(0, start, count).copy_(inputGrad as Tensor);
    if (biasScratch) {
      gradBias?.add_(biasScratch.to(dtype));
      biasScratch.zero_();
    }
  }
  return {
    loss: losses ?? output.to(dtype),
    input: gradInput?.to(dtype) ?? null,
    linearWeight: gradWeight,
    linearBias: gradBias,
  };
}

const inputsOf = (tensors: readonly (Tensor | null)[]): Inputs => {
  const [input, linearWeight, target, linearBias = null, weight = null] = tensors;
  return { input, linearWeight, target, linearBias, weight } as Inputs;
};

interface ReducedContext extends FunctionContext {
  gradients: (Tensor | null)[] | null;
  allowRetainGraph: boolean;
}

/** 'mean' and 'sum': the gradients are computed with the loss, and scaled in backward. */
export class LinearCrossEntropyChunked extends AutogradFunction {
  static forward(
    context: FunctionContext,
    kind: LossKind,
    wanted: Wanted,
    ...tensors: (Tensor | null)[]
  ): Tensor {
    const { loss, input, linearWeight, linearBias } = accumulate(inputsOf(tensors), kind, wanted, null);
    const gradients = [input, linearWeight, null, linearBias].map((gradient) => gradient?.keep() ?? null);
    Object.assign(context, { gradients, allowRetainGraph: kind.chunking.allowRetainGraph });
    return loss;
  }

  static override backward(context: FunctionContext, gradOutput: Tensor | null): (Tensor | null)[] {
    const reduced = context as ReducedContext;
    const { gradients, allowRetainGraph } = reduced;
    if (!gradients) {
      throw new TorchError(
        'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not supported.',
      );
    }
    if (!allowRetainGraph) reduced.gradients = null;
    const scale = gradOutput as Tensor;
    const scaled = gradients.map((g) => g && (allowRetainGraph ? g.mul(scale) : g.mul_(scale)));
    return [null, null, ...scaled, null];
  }
}

interface ElementwiseContext extends FunctionContext<(Tensor | null)[]> {
  kind: LossKind;
}

/** 'none': the gradients are computed in backward. */
export class LinearCrossEntropyChunkedNoReduction extends AutogradFunction {
  static forward(context: ElementwiseContext, kind: LossKind, ...tensors: (Tensor | null)[]): Tensor {
    context.saveForBackward(...tensors);
    context.kind = kind;
    return accumulate(inputsOf(tensors), kind, [false, false, false], null).loss;
  }

  static override backward(context: ElementwiseContext, gradOutput: Tensor | null): (Tensor | null)[] {
    const { kind, savedTensors, needsInputGrad } = context;
    const [, input = false, linearWeight = false, , linearBias = false] = needsInputGrad;
    const found = accumulate(
      inputsOf(savedTensors.map((tensor) => tensor?.detach() ?? null)),
      kind,
      [input, linearWeight, linearBias],
      gradOutput,
    );
    return [null, found.input, found.linearWeight, null, found.linearBias, null];
  }
}
