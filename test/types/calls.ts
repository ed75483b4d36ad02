// What compiles and what does not. Checked by `tsc -p test/types`; never run.

import type { Tensor } from 'libtorch-node';
import * as torch from 'libtorch-node';

declare const x: Tensor;
declare const w: Tensor;
declare const b: Tensor;
declare const dtype: torch.DType;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>) => undefined;

// --- positional, or any suffix by name in one trailing object ---
x.sum();
x.sum(1);
x.sum([0, 1], true);
x.sum(1, true, { dtype });
x.sum(1, { keepdim: true });
x.sum({ dim: 1, keepdim: true });
x.sum({ dtype });
x.sum(null, true);
torch.sum(x, 1, { keepdim: true });
torch.sum(x, { dim: [0, 1], dtype, out: b });
torch.conv2d(x, w);
torch.conv2d(x, w, null, 2);
torch.conv2d(x, w, b, [2, 2], 'same');
torch.conv2d(x, w, { bias: b, stride: 2 });
torch.conv2d(x, { weight: w, padding: 'valid' });
torch.conv2d(x, w, b, 1, { padding: [1, 1], groups: 3 });
torch.cat([x, w], 1);
torch.cat([x, w], { dim: 1 });
torch.cat({ tensors: [x, w], dim: 1 });
torch.maxPool2d(x, 3, { stride: 2, padding: 1 });
torch.randperm(10, { generator: null });
torch.randperm(10n);
torch.var(x, 1, { correction: 0 });
torch.aten._foreachAdd_([x, w], [b, b], { alpha: -0.1 });
torch.aten._foreachAdd_([x, w], 2);
torch.aten.linalgInv(x);
torch.aten.crossEntropyLoss(x, w, { labelSmoothing: 0.1 });

// --- numbers ---
x.add(1).mul_(2.5).div(x, { roundingMode: 'floor' });
x.add(x, { alpha: 2 });
x.pow(2);
x.pow(w);
x.clamp({ min: 0 });
x.clamp(0, 1);
x.eq(true);
x.fill_(new torch.TorchFloat(1));
torch.mul(2, x);
torch.full([2, 3], 0.5, { dtype, requiresGrad: true });

// --- sizes ---
x.view(2, 3);
x.view([2, -1]);
x.view(dtype);
x.permute(0, 2, 1);
x.reshape(-1);
x.repeat(2, 2);
torch.zeros(2, 3);
torch.zeros(2, 3, { dtype, device: 'cuda:0', requiresGrad: true });
torch.zeros([2, 3], { dtype });
torch.zeros({ size: [2, 3] });
torch.emptyLike(x, { memoryFormat: null, requiresGrad: true });
x.newZeros([2], { requiresGrad: true });

// --- to ---
x.to('cuda');
x.to('cuda', dtype);
x.to('cuda', { nonBlocking: true });
x.to(dtype, { copy: true });
x.to(w);
x.to({ device: 'cpu', dtype });
x.to(x.device, dtype, true);

// --- results ---
same<ReturnType<typeof x.relu_>, Tensor>(true);
{
  const [values, indices] = x.max(1);
  same<typeof values, Tensor>(true);
  same<typeof indices, Tensor>(true);
}
for (const part of x.split(2)) part.sum();
{
  const equal: boolean = torch.equal(x, w);
  const parts: Tensor[] = x.chunk(2, { dim: 1 });
  same<ReturnType<typeof torch.aten._foreachZero_>, void>(true);
  void [equal, parts];
}
{
  const parameter = x as Tensor & { readonly name: 'weight' };
  same<typeof parameter.name, 'weight'>(true);
  const still: 'weight' = parameter.mul_(2).name; // an in-place method returns its own object
  void still;
}
x.mT.mT;

// --- wrong calls ---
// @ts-expect-error a string is no Tensor
x.add('a');
// @ts-expect-error a string is no dim
x.sum('a');
// @ts-expect-error unknown option
x.sum(1, { keepdims: true });
// @ts-expect-error options have the camelCase names only
torch.convTranspose2d(x, w, { output_padding: 1 });
// @ts-expect-error keyword-only in the schema
x.add(x, 2);
// @ts-expect-error a number is no device
x.to(3);
// @ts-expect-error an argument given twice
x.sum(1, { dim: 1 });
// @ts-expect-error weight is missing
torch.conv2d(x);
// @ts-expect-error weight is missing by name
torch.conv2d(x, { bias: b });
// @ts-expect-error a number is no Tensor here: matmul takes none
x.matmul(2);
// @ts-expect-error a list of numbers is no list of tensors
torch.cat([1, 2]);
// @ts-expect-error out variants are functions only
x.add(x, { out: w });
// @ts-expect-error nothing follows the options
x.sum({ dim: 1 }, true);
// @ts-expect-error options are last
torch.conv2d(x, { weight: w }, b);
// @ts-expect-error a dtype is not its name
torch.zeros([2], { dtype: 'float32' });
// @ts-expect-error only factories take requiresGrad
x.clone({ requiresGrad: true });
// @ts-expect-error a boolean is no size
torch.zeros(true);
// @ts-expect-error not a method: torch.conv2d is a function
x.conv2d(w);
// @ts-expect-error a method only
torch.view(x, [2]);
// @ts-expect-error no such operator
torch.aten.convolve(x);
// @ts-expect-error one tensor, not a list of results
const list: Tensor[] = x.sum();
void list;
