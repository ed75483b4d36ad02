import * as torch from 'libtorch-node';
import { flat, type Leaf } from './flat.js';
import type { Conditions } from './python.js';

/** Our half of a program; its name is that of its file in ours/ and of its other half in reference/. */
export type Program<P> = (params: P) => object | Promise<object>;

/** What ours leaves, the state of the default generator included. */
export async function perform<P>(
  program: Program<P>,
  { seed, threads }: Conditions,
  params: P,
): Promise<Leaf[]> {
  torch.setNumThreads(threads);
  torch.manualSeed(seed);
  const result = await program(params);
  return flat({ ...result, generator: torch.getRngState() });
}
