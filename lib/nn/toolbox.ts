// torch.nn.utils.

export * as rnn from './packed-sequence.js';
