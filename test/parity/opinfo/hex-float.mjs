/** Python's float.hex(). */
export function hexFloat(value) {
  if (Number.isNaN(value)) return 'nan';
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0];
  const sign = bits >> 63n ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}inf`;
  if (value === 0) return `${sign}0x0.0p+0`;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const exponent = Math.max(biased, 1) - 1023;
  const mantissa = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  return `${sign}0x${biased === 0 ? 0 : 1}.${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}
