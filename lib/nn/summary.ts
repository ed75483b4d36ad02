// A table of a model's layers, in the form of Python's torchinfo.

import { noGrad } from '../autograd/index.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { formatFixed } from '../python-number.js';
import { valueText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import type { Module } from './module.js';

export interface SummaryOptions {
  /** The arguments of one forward. */
  inputs?: readonly unknown[];
  /** The shape of one input of random numbers, where there are no `inputs`. */
  inputSize?: readonly number[];
  /** How many levels are listed; the totals count all. */
  depth?: number;
}

/** One call of a module; the same module may be called again. */
export interface SummaryRow {
  name: string;
  /** 0 for the model itself. */
  depth: number;
  /** The how many-th of its depth. */
  index: number;
  outputShape: number[] | null;
  /** Of this module without its children. */
  params: number;
  frozen: boolean;
  multAdds: number;
  /** An earlier row has the same module. */
  recursive: boolean;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
const grouped = (count: number): string => String(count).replaceAll(/(?<=\d)(?=(\d{3})+$)/g, ',');
const megabytes = (bytes: number): string => formatFixed(bytes / 1e6, 2);

function firstTensor(value: unknown): Tensor | null {
  if (isTensor(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  for (const item of Object.values(value)) {
    const found = firstTensor(item);
    if (found) return found;
  }
  return null;
}

/** As torchinfo counts: of convolutions every parameter for each place, of others every one for each sample. */
function multAddsOf(module: Module, output: number[] | null): number {
  if (!output) return 0;
  const conv = module.constructor.name.includes('Conv');
  const places = conv ? product([output[0] ?? 1, ...output.slice(2)]) : (output[0] ?? 1);
  return sum(module.parameters({ recurse: false }).map((parameter) => parameter.numel() * places));
}

export class Summary {
  constructor(
    readonly rows: readonly SummaryRow[],
    readonly totalParams: number,
    readonly trainableParams: number,
    readonly paramsBytes: number,
    readonly inputBytes: number,
    /** Outputs of the innermost layers, and as much again for their gradients. */
    readonly passBytes: number,
    readonly depth: number,
  ) {}

  get multAdds(): number {
    return sum(this.rows.map(({ multAdds }) => multAdds));
  }

  private label({ name, depth, index }: SummaryRow): string {
    if (depth === 0) return name;
    const branch = depth === 1 ? '├─' : `${'│    '.repeat(depth - 1)}└─`;
    return `${branch}${name}: ${depth}-${index}`;
  }

  toString(): string {
    const shown = this.rows.filter(({ depth }) => depth <= this.depth);
    const labels = shown.map((row) => this.label(row));
    const width = Math.max(40, ...labels.map((label) => label.length)) + 1;
    const line = (label: string, shape: string, params: string) =>
      `${label.padEnd(width)}${shape.padEnd(26)}${params}`.trimEnd();
    const rule = '='.repeat(width + 49);
    const lines = shown.map(({ outputShape, params, frozen, recursive }, i) => {
      const count = frozen ? `(${grouped(params)})` : grouped(params);
      const text = recursive ? '(recursive)' : params === 0 ? '--' : count;
      return line(labels[i] as string, outputShape ? valueText(outputShape) : '--', text);
    });
    const { totalParams, trainableParams, paramsBytes, inputBytes, passBytes } = this;
    return [
      rule,
      line('Layer (type:depth-idx)', 'Output Shape', 'Param #'),
      rule,
      ...lines,
      rule,
      `Total params: ${grouped(totalParams)}`,
      `Trainable params: ${grouped(trainableParams)}`,
      `Non-trainable params: ${grouped(totalParams - trainableParams)}`,
      `Total mult-adds (M): ${formatFixed(this.multAdds / 1e6, 2)}`,
      rule,
      `Input size (MB): ${megabytes(inputBytes)}`,
      `Forward/backward pass size (MB): ${megabytes(passBytes)}`,
      `Params size (MB): ${megabytes(paramsBytes)}`,
      `Estimated Total Size (MB): ${megabytes(inputBytes + passBytes + paramsBytes)}`,
      rule,
    ].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Lists what each module gives when the model runs once, in eval mode and without a graph. */
export function summary(model: Module, options: SummaryOptions = {}): Summary {
  requireNames(summary, options, { inputs: true, inputSize: true, depth: true });
  const { depth = 3, inputSize } = options;
  const rows: SummaryRow[] = [];
  const counts: number[] = [];
  const seen = new Set<Module>();
  let level = -1;
  let passBytes = 0;
  const open: SummaryRow[] = [];
  const handles = model.modules().flatMap((module) => [
    module.registerForwardPreHook(
      () => {
        level++;
        counts[level] = (counts[level] ?? 0) + 1;
        const own = module.parameters({ recurse: false });
        const row: SummaryRow = {
          name: module.constructor.name,
          depth: level,
          index: counts[level] as number,
          outputShape: null,
          params: sum(own.map((parameter) => parameter.numel())),
          frozen: own.length > 0 && own.every(({ requiresGrad }) => !requiresGrad),
          multAdds: 0,
          recursive: seen.has(module) && own.length > 0,
        };
        seen.add(module);
        rows.push(row);
        open.push(row);
      },
      { prepend: true },
    ),
    module.registerForwardHook((_, __, output) => {
      const row = open.pop() as SummaryRow;
      const tensor = firstTensor(output);
      row.outputShape = tensor?.shape ?? null;
      row.multAdds = multAddsOf(module, row.outputShape);
      if (module.children().length === 0) passBytes += 2 * (tensor?.nbytes ?? 0);
      level--;
    }),
  ]);
  const modes = model.modules().map((module) => [module, module.training] as const);
  try {
    return scope(() => {
      const [parameter] = model.parameters();
      const { dtype, device } = parameter ?? {};
      const inputs = options.inputs ?? (inputSize ? [aten.rand(inputSize, { dtype, device })] : []);
      model.eval();
      if (inputs.length > 0) noGrad(() => (model.forward as (...args: unknown[]) => unknown)(...inputs));
      const parameters = model.parameters();
      const inputBytes = sum(inputs.map((input) => firstTensor(input)?.nbytes ?? 0));
      return new Summary(
        rows,
        sum(parameters.map((p) => p.numel())),
        sum(parameters.filter(({ requiresGrad }) => requiresGrad).map((p) => p.numel())),
        sum(parameters.map((p) => p.nbytes)),
        inputBytes,
        passBytes,
        depth,
      );
    });
  } finally {
    for (const handle of handles) handle.remove();
    for (const [module, training] of modes) module.training = training;
  }
}
