import type { Family } from './family.js';
import { IMAGENET_299 } from './preprocessing.js';

const STEM_OR_EXIT: Readonly<Record<string, string>> = { init_block: 'entry_conv', final_block: 'exit_conv' };
const SEPARABLE: Readonly<Record<string, string>> = { dw_conv: 'dconv', pw_conv: 'pconv' };

/** pytorchcv (osmr's imgclsmob); mean and standard deviation are those of its evaluation script. */
export const pytorchcv: Family = {
  name: 'pytorchcv',
  anchor: 'features.stage4.unit1.body.block1.conv.dw_conv.weight',
  rename: (key) =>
    single(key) ?? unit(key) ?? (/^output\.(weight|bias)$/.test(key) ? key.replace('output', 'fc') : null),
  architecture: { stemPadding: 0 },
  preprocessing: {
    ...IMAGENET_299,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    cropPct: 0.875,
  },
};

function single(key: string): string | null {
  const pattern =
    /^features\.(init_block|final_block)\.conv([12])\.(conv|bn)(?:\.(dw_conv|pw_conv))?\.(\w+)$/;
  const [, block = '', number, layer, part, rest] = pattern.exec(key) ?? [];
  if (!rest) return null;
  const inner = part ? `${SEPARABLE[part]}.${rest}` : rest;
  return `${STEM_OR_EXIT[block]}${number}.${layer === 'conv' ? 0 : 1}.${inner}`;
}

function unit(key: string): string | null {
  const [, stage, digits, inside = ''] = /^features\.stage([1-4])\.unit(\d)\.(.+)$/.exec(key) ?? [];
  if (!stage) return null;
  const isMiddle = stage === '3' && digits !== '1';
  const ours = isMiddle
    ? `middle_flow.${Number(digits) - 2}`
    : stage === '4'
      ? 'exit_block'
      : `entry_block${stage}`;
  const [, skip, parameter] = /^identity_conv\.(conv|bn)\.(\w+)$/.exec(inside) ?? [];
  if (parameter) return `${ours}.project.${skip === 'conv' ? 0 : 1}.${parameter}`;
  const pattern = /^body\.block([123])\.(conv|bn)(?:\.(dw_conv|pw_conv))?\.(\w+)$/;
  const [, number, layer, part, rest] = pattern.exec(inside) ?? [];
  if (!rest) return null;
  const inner = part ? `${SEPARABLE[part]}.${rest}` : rest;
  if (isMiddle) return `${ours}.convs.${3 * Number(number) - (layer === 'conv' ? 2 : 1)}.${inner}`;
  return `${ours}.${layer === 'conv' ? 'sepconv' : 'bn'}${number}.${inner}`;
}
