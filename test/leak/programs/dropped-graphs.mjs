// 200 forwards in grad mode, no backward, no scope: a small output holds each whole graph.
import * as torch from 'libtorch-node';
import { peakMegabytes, report } from './peak.mjs';

torch.setNumThreads(1);
const model = new torch.models.Xception({ numClasses: 4 });
const images = torch.rand([2, 3, 64, 64]);
const idle = peakMegabytes();
model.forward(images);
const one = peakMegabytes();
for (let i = 0; i < 200; i++) model.forward(images);
report({ idle, one, all: peakMegabytes() });
