import type { Family } from './family.js';

/** Our own names, the lab report's. What else the file says comes with it: see carried.ts. */
export const own: Family = {
  name: 'libtorch-node',
  anchor: 'exit_block.sepconv1.dconv.weight',
  rename: (key) => key,
  architecture: {},
  preprocessing: null,
};
