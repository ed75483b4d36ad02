// What --model and --reference name.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ValueError } from '../errors.js';
import * as models from '../models/index.js';
import { camelToSnake, snakeToCamel } from '../names.js';
import type { Module } from '../nn/index.js';
import { packageFile } from '../package-file.js';
import type { ParityOptions } from '../parity/index.js';

/** Ours in Python, for the model that torchvision has not. */
const XCEPTION = packageFile('python/xception.py');

type Make = () => Module | Promise<Module>;

/** @throws ValueError where there is no such model, or nothing to compare it with */
export async function parityModel(
  name: string,
  reference: string | undefined,
): Promise<Pick<ParityOptions, 'model' | 'reference'>> {
  if (name === 'xception') {
    return { model: () => new models.Xception(), reference: reference ?? `${XCEPTION}:Xception` };
  }
  if (/\.m?js$/.test(name)) {
    if (reference !== undefined) return { model: await exported(name), reference };
    throw new ValueError(`model ${name} needs --reference, what makes the same model in Python`);
  }
  const known: unknown = Reflect.get(models, snakeToCamel(name));
  if (typeof known === 'function' && /^[a-z]/.test(name)) {
    return {
      model: known as Make,
      reference: reference ?? `torchvision.models:${camelToSnake(snakeToCamel(name))}`,
    };
  }
  throw new ValueError(`model must be one of ${names().join(', ')}, or a file .mjs or .js, got '${name}'`);
}

async function exported(file: string): Promise<Make> {
  if (!existsSync(file)) throw new ValueError(`the model file ${file} does not exist`);
  const made = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  if (typeof made.default === 'function') return made.default as Make;
  throw new ValueError(`${file} must export a function that makes the model: export default () => new ...`);
}

function names(): string[] {
  const functions = Object.keys(models).filter((name) => /^[a-z]/.test(name));
  return ['xception', ...functions.map(camelToSnake)];
}
