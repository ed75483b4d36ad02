import * as torch from 'libtorch-node';
import { device as testDevice, useDeterministicAlgorithms } from './device.mjs';
import { flat, type Leaf } from './flat.js';
import type { Conditions } from './python.js';

/** Our half of a program; its name is that of its file in ours/ and of its other half in reference/. */
export type Program<P> = (params: P) => object | Promise<object>;

/** What ours leaves, the states of the default generators included. */
export async function perform<P>(
  program: Program<P>,
  { seed, threads, device = testDevice }: Omit<Conditions, 'device'> & Partial<Conditions>,
  params: P,
): Promise<Leaf[]> {
  // Layers whose backward has no deterministic form are compared all the same.
  useDeterministicAlgorithms({ warnOnly: true });
  torch.setDefaultDevice(device === 'cpu' ? null : device);
  torch.setNumThreads(threads);
  torch.manualSeed(seed);
  const result = await program(params);
  const cuda = device === 'cuda' ? { cuda: torch.cuda.getRngState() } : {};
  return flat({ ...result, generator: torch.getRngState(), ...cuda });
}
