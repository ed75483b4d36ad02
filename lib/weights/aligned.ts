const TIMM_BLOCK = /(?:^|\.)blocks\.(\d+)\.stack\.conv\d\.(?:conv_dw|bn_dw|conv_pw)\./;
const TIMM_NAMES: Readonly<Record<number, string>> = { 13: 'xception41', 21: 'xception65', 23: 'xception71' };
/** DeepLab's, in the ports that kept Cadene's names. */
const DEEPLAB_BLOCK = /(?:^|\.)block(?:1[3-9]|20)\.rep\./;

/** The name of the Aligned Xception that the keys are of; null where they are not. */
export function alignedName(keys: readonly string[]): string | null {
  const numbers = keys.flatMap((key) => TIMM_BLOCK.exec(key)?.[1] ?? []).map(Number);
  if (numbers.length > 0) {
    const name = TIMM_NAMES[Math.max(...numbers) + 1] ?? 'of another size';
    // The pre-activation variants have no BatchNorm between the two convolutions.
    return keys.some((key) => key.includes('.bn_dw.')) ? name : `${name}p`;
  }
  return keys.some((key) => DEEPLAB_BLOCK.test(key)) ? "DeepLab's" : null;
}
