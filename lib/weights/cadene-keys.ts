// The names that tstandley gave, and that Cadene, timm and FaceForensics kept: conv1, bn1, block1 to block12, conv3, fc.

/** The anchor of the families with these names. */
export const CADENE_ANCHOR = 'block12.rep.1.conv1.weight';

const PLACES: Readonly<Record<string, string>> = { 1: 'sepconv1', 2: 'bn1', 4: 'sepconv2', 5: 'bn2' };
const SEPARABLE: Readonly<Record<string, string>> = { conv1: 'dconv', pointwise: 'pconv' };

/** Our key, or null. */
export function fromCadene(key: string): string | null {
  return stem(key) ?? exit(key) ?? block(key) ?? head(key);
}

function stem(key: string): string | null {
  const [, layer, number, rest] = /^(conv|bn)([12])\.(\w+)$/.exec(key) ?? [];
  return rest ? `entry_conv${number}.${layer === 'conv' ? 0 : 1}.${rest}` : null;
}

function exit(key: string): string | null {
  const [, layer, digit, part, rest] = /^(conv|bn)([34])(?:\.(conv1|pointwise))?\.(\w+)$/.exec(key) ?? [];
  if (!rest || (layer === 'conv') !== (part !== undefined)) return null;
  const conv = `exit_conv${Number(digit) - 2}`;
  return part ? `${conv}.0.${SEPARABLE[part]}.${rest}` : `${conv}.1.${rest}`;
}

function block(key: string): string | null {
  const [, digits, inside = ''] = /^block(\d+)\.(.+)$/.exec(key) ?? [];
  const number = Number(digits);
  if (!(number >= 1 && number <= 12)) return null;
  const ours = number === 12 ? 'exit_block' : `entry_block${number}`;
  const [, skip, parameter] = /^skip(bn)?\.(\w+)$/.exec(inside) ?? [];
  if (parameter) return `${ours}.project.${skip ? 1 : 0}.${parameter}`;
  const [, index, part, rest] = /^rep\.(\d+)(?:\.(conv1|pointwise))?\.(\w+)$/.exec(inside) ?? [];
  if (!rest) return null;
  const tail = part ? `${SEPARABLE[part]}.${rest}` : rest;
  if (number > 3 && number < 12) return `middle_flow.${number - 4}.convs.${index}.${tail}`;
  // The first block has no ReLU in front, which would be number 0.
  const place = PLACES[Number(index) + (number === 1 ? 1 : 0)];
  return place ? `${ours}.${place}.${tail}` : null;
}

// FaceForensics puts a Dropout in front of it.
function head(key: string): string | null {
  const [, parameter] = /^(?:fc|last_linear|last_linear\.1)\.(weight|bias)$/.exec(key) ?? [];
  return parameter ? `fc.${parameter}` : null;
}
