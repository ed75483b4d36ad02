// Programs of the kinds that people port, each in Python and in TypeScript: the same seed gives the same losses, weights
// and states of optimizers, bit by bit.

import { expect, test } from 'vitest';
import { expectSameBits } from '../parity/parity.js';
import { actor } from './actor.js';
import { critic } from './critic.js';
import { dcgan } from './dcgan.js';
import { digits } from './digits.js';
import { distill } from './distill.js';
import { forecast } from './forecast.js';
import { graph } from './graph.js';
import { language } from './language.js';
import { metalearn } from './metalearn.js';
import { mixed } from './mixed.js';
import { segment } from './segment.js';
import { style } from './style.js';
import { translate } from './translate.js';
import { triplets } from './triplets.js';
import { upscale } from './upscale.js';
import { vae } from './vae.js';

const programs = {
  actor,
  critic,
  dcgan,
  digits,
  distill,
  forecast,
  graph,
  language,
  metalearn,
  mixed,
  segment,
  style,
  translate,
  triplets,
  upscale,
  vae,
};

test.each(Object.entries(programs))('%s', async (_name, program) => {
  const compared = await expectSameBits(program, {});
  expect(compared.size).toBeGreaterThan(20);
});
