import { randomBytes } from 'node:crypto';
import { crc32 as zlibs } from 'node:zlib';
import { expect, it } from 'vitest';

import { crc32 } from '../lib/crc32.js';

// Lanes of 16 bytes, four at a time, and what is left over: each length and alignment takes another way.
it('is the checksum of zlib, of every length, from every address, continued from any other', () => {
  const bytes = randomBytes(400);
  for (let length = 0; length <= 300; length += 1) {
    for (const start of [0, 1, 7, 64]) {
      const part = bytes.subarray(start, start + length);
      const before = (length * 2654435761) >>> 0;
      expect(crc32(part, before)).toBe(zlibs(part, before));
    }
  }
  expect(crc32(Buffer.alloc(0), 5)).toBe(5);
});
