const STRIKING = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

const MUTATIONS = [
  flipBit,
  flipBit,
  flipBit,
  (bytes, random) => setByte(bytes, random, random.below(256)),
  (bytes, random) => setByte(bytes, random, random.pick(STRIKING)),
];

const RESHAPING = [
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => spliced(bytes, random, Buffer.alloc(0)),
  (bytes, random) => spliced(bytes, random, someOf(bytes, random)),
];

/** A copy with one, two or four bytes changed. */
export function changed(bytes, random) {
  let copy = Buffer.from(bytes);
  for (let left = random.pick([1, 1, 2, 4]); left > 0 && copy.length > 0; left -= 1) {
    copy = random.pick(MUTATIONS)(copy, random);
  }
  return copy;
}

/** A copy with parts cut out, doubled or moved, too. */
export function reshaped(bytes, random) {
  const copy = changed(bytes, random);
  return copy.length > 0 && random.below(3) === 0 ? random.pick(RESHAPING)(copy, random) : copy;
}

function flipBit(bytes, random) {
  const at = random.below(bytes.length);
  bytes[at] ^= 1 << random.below(8);
  return bytes;
}

function setByte(bytes, random, value) {
  bytes[random.below(bytes.length)] = value;
  return bytes;
}

function someOf(bytes, random) {
  const start = random.below(bytes.length);
  return bytes.subarray(start, start + 1 + random.below(32));
}

function spliced(bytes, random, inserted) {
  const start = random.below(bytes.length);
  const end = Math.min(bytes.length, start + random.below(16));
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(end)]);
}
