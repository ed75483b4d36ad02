import * as torch from 'libtorch-node';

torch.ones(2).add(1);
