// Runs one of our programs in this thread. Vite reads it, because Node 20 does not read TypeScript.

import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { runnerImport } from 'vite';

const load = async (file) => {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return (await runnerImport(path, { configFile: false })).module;
};

const { program, conditions, params } = workerData;
const { perform } = await load('perform.ts');
const { [program]: run } = await load(`ours/${program}.ts`);
parentPort.postMessage(await perform(run, conditions, params));
