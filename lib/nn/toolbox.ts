// torch.nn.utils.

export * from './clip-grad.js';
export * from './convert-parameters.js';
export * from './fusion.js';
export * as rnn from './packed-sequence.js';
export * as parametrizations from './parametrizations.js';
export * as parametrize from './parametrize.js';
