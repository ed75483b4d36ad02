import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';

// The files of test/vision/golden, which tools/golden/vision.py writes.

export type Step = [name: string, ...args: never[]];

export interface GoldenResult {
  steps: Step[];
  dtype: string;
  shape: number[];
  stride: number[];
  sha256: string;
}

export interface GoldenPixels {
  shape: number[];
  stride: number[];
  sha256: string;
}

export interface GoldenCase {
  photo?: string;
  decoded?: GoldenPixels;
  pattern?: { shape: number[]; dtype: string; layout: string };
  results: GoldenResult[];
}

export const photosFolder = new URL('../../examples/photos/', import.meta.url).pathname;

export function goldenCases(name: string): GoldenCase[] {
  const file = new URL(`./golden/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: GoldenCase[] }).cases;
}

export function sha256(tensor: torch.Tensor): string {
  const bytes = tensor.contiguous().view([-1]).view(torch.uint8).typedArray();
  return createHash('sha256').update(bytes).digest('hex');
}

/** dtype, shape, stride and bytes of tensors, and the next number of the generator. */
export function fingerprint(...tensors: torch.Tensor[]): string {
  const made = createHash('sha256');
  for (const tensor of tensors) {
    made.update(`${tensor.dtype.name} [${tensor.shape}] [${tensor.stride()}] `);
    made.update(sha256(tensor));
  }
  made.update(`${torch.randint(2 ** 31, []).item()}`);
  return made.digest('hex').slice(0, 16);
}

const { vision } = torch;

const STEPS: Record<string, (image: torch.Tensor, ...args: never[]) => torch.Tensor> = {
  resize: (image, size: torch.vision.ResizeSize, options?: torch.vision.ResizeOptions) =>
    vision.resize(image, size, options),
  centerCrop: (image, size: number) => vision.centerCrop(image, size),
  normalize: (image, mean: number[], std: number[]) => vision.normalize(image, mean, std),
  toDtype: (image, name: string, scale: boolean) => vision.toDtype(image, dtypeNamed(name), { scale }),
};

export function applySteps(image: torch.Tensor, steps: Step[]): torch.Tensor {
  return steps.reduce((result, [name, ...args]) => {
    const step = STEPS[name];
    if (step === undefined) throw new Error(`no step ${name}`);
    return step(result, ...args);
  }, image);
}

export function dtypeNamed(name: string): torch.DType {
  return (torch as unknown as Record<string, torch.DType>)[name] as torch.DType;
}

/** The image that the golden file calls a pattern: the upper bits of a multiplicative hash of the element's index. */
export function patternImage({ shape, dtype, layout }: NonNullable<GoldenCase['pattern']>): torch.Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float64Array.from({ length: count }, (_, i) =>
    Number(((BigInt(i) * 2654435761n) >> 13n) & 255n),
  );
  const whole = torch.tensor(values).view(shape);
  const image = (dtypeNamed(dtype).isFloatingPoint ? whole.div(255) : whole).to(dtypeNamed(dtype));
  return layout === 'contiguous' ? image : image.movedim(-3, -1).contiguous().movedim(-1, -3);
}

/** A transform and its arguments. */
export type Spec = [name: string, ...args: unknown[]];

type Constructor = new (
  ...args: unknown[]
) => { forward(...inputs: torch.Tensor[]): torch.Tensor | torch.Tensor[] };

/** `["RandomCrop", 64, { padding: 4 }]` is `new vision.RandomCrop(64, { padding: 4 })`. */
export function build([name, ...args]: Spec): InstanceType<Constructor> {
  const made = vision[name as keyof typeof vision] as unknown as Constructor;
  const [first, ...others] = args;
  if (/^(Compose|RandomApply|RandomChoice|RandomOrder)$/.test(name)) {
    return new made((first as Spec[]).map(build), ...others);
  }
  if (/Dtype$/.test(name)) return new made(dtypeNamed(first as string), ...others);
  return new made(...args);
}
