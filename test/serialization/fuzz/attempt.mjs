import * as torch from '../../../dist/index.js';
import { fingerprint } from './fingerprint.mjs';

const MOST_SECONDS = 2;

/** Loads bytes: the fingerprint of the value, or the kind of error. Throws when the loader did what it never may. */
export function attempt(bytes, options) {
  // Of the processor: a machine may let a process wait.
  const begin = process.cpuUsage();
  const outcome = torch.scope(() => load(bytes, options));
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  if (seconds > MOST_SECONDS) throw new Error(`it took ${seconds} seconds`);
  return outcome;
}

function load(bytes, options) {
  let value;
  try {
    value = torch.load(bytes, { mapLocation: 'cpu', ...options });
  } catch (error) {
    if (error instanceof torch.serialization.CheckpointError) return { error: error.name };
    throw error;
  }
  return { value: fingerprint(value) };
}
