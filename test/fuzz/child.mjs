// Calls operators with drawn arguments: node child.mjs SEED COUNT REPORT. The report's file holds the call that runs, so
// that it says what a crash came from. Ends with a line of counts.

import { closeSync, openSync, writeSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { random, shown, valuesFrom } from './values.mjs';

const [seed, count, report, only] = process.argv.slice(2);
const file = openSync(report, 'w');

/** They write files, or wait for hardware. */
const excluded = new Set(['fromFile', 'pinMemory', '_pinMemory']);

const all = { ...torch };
const publicName = (name) => !name.startsWith('_') && !excluded.has(name);

/** Every public operator as a function and as a method, and the layers' functions. */
const targets = [
  ...Object.keys(torch.aten)
    .filter(publicName)
    .map((name) => [`aten.${name}`, torch.aten[name], false]),
  ...Object.keys(torch.nn.functional).map((name) => [`F.${name}`, torch.nn.functional[name], false]),
  ...Object.getOwnPropertyNames(torch.Tensor.prototype)
    .filter((name) => publicName(name) && name !== 'constructor')
    .map((name) => [
      `Tensor.${name}`,
      Object.getOwnPropertyDescriptor(torch.Tensor.prototype, name)?.value,
      true,
    ])
    .filter(([, call]) => typeof call === 'function'),
  ...['tensor', 'fromTypedArray', 'einsum', 'norm', 'stft', 'cdist', 'unique', 'meshgrid'].map((name) => [
    name,
    all[name],
    false,
  ]),
].filter(([name, call]) => typeof call === 'function' && (!only || name === only));

torch.setNumThreads(1);
process.on('warning', () => {});
const counts = { answered: 0, refused: 0, foreign: 0 };
const foreign = new Map();

/** Errors of other classes are the library's own mistakes, or the traps'. */
const expected = (error) =>
  error instanceof torch.TorchError || ['TypeError', 'RangeError', 'DataCloneError'].includes(error?.name);

for (let i = 0; i < Number(count); i++) {
  const { list, pick, tensor } = valuesFrom(random(Number(seed) + i));
  torch.scope(() => {
    const [name, call, isMethod] = pick(targets);
    try {
      const args = list();
      const self = isMethod ? tensor() : undefined;
      const given = [...(self ? [self] : []), ...args].map((arg) => shown(arg));
      const text = `${Number(seed) + i} ${name}(${given.join(', ')})\n`;
      writeSync(file, text.padEnd(600).slice(0, 600), 0);
      const answer = Reflect.apply(call, self, args);
      if (typeof answer?.catch === 'function') answer.catch(() => {});
      counts.answered++;
    } catch (error) {
      if (expected(error)) counts.refused++;
      else {
        counts.foreign++;
        foreign.set(`${error?.name}: ${String(error?.message).slice(0, 80)}`, `${Number(seed) + i} ${name}`);
      }
    }
  });
}
closeSync(file);
console.log(JSON.stringify({ ...counts, live: torch.liveTensors(), kinds: [...foreign].slice(0, 20) }));
