// Programs of the kinds that people port, each in Python and in TypeScript: the same seed gives the same losses, weights
// and states of optimizers, bit by bit.

import { test } from 'vitest';
import { expectSameBits } from '../parity/parity.js';
import { critic } from './critic.js';

test('WGAN-GP', () => expectSameBits(critic, {}));
