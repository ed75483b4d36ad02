import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as torch from 'libtorch-node';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Live tensors once the collector has taken what nobody holds, in as many turns as its finalizers may want. */
export async function settled() {
  for (let i = 0; i < 5; i++) {
    collect();
    await setImmediate();
  }
  return torch.liveTensors();
}
