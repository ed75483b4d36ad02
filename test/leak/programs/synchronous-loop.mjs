// 3,000 results of 4 MB each, no scope, no await, no GC flag.
import * as torch from 'libtorch-node';
import { peakMegabytes, report } from './peak.mjs';

const x = torch.ones([1 << 20]);
x.add(1);
const before = peakMegabytes();
for (let i = 0; i < 3000; i++) x.add(1);
report({ added: peakMegabytes() - before });
