// What the parity tests compute on: LIBTORCH_NODE_TEST_DEVICE, read by Python's half too. On CUDA bits repeat only with
// deterministic algorithms and CUBLAS_WORKSPACE_CONFIG=:4096:8 from the start.

import * as torch from 'libtorch-node';

/** 'cpu' or 'cuda'. */
export const device = process.env.LIBTORCH_NODE_TEST_DEVICE ?? 'cpu';

/** @param {{ warnOnly: boolean }} options whether what has no deterministic form runs all the same */
export function useDeterministicAlgorithms({ warnOnly }) {
  if (device !== 'cpu') torch.useDeterministicAlgorithms(true, { warnOnly });
}
