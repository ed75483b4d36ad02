// One slot reused 2^25 times: the handle of its first tensor must stay an error through all generations.
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

const source = torch.ones([1]);
let stale;
torch.scope(() => {
  stale = source.detach();
});
const uses = 2 ** 25;
let reused = 0;
let aliased = 0;
for (let block = 0; block < 64; block++) {
  for (let i = 0; i < uses / 64; i++) {
    const tensor = source.detach();
    tensor.dispose();
    reused++;
  }
  if (!stale.disposed) aliased++;
}
let message = '';
try {
  stale.add(1);
} catch (error) {
  message = error.message;
}
report({ reused, aliased, message, live: torch.liveTensors() });
