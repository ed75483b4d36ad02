import * as torch from 'libtorch-node';
import { nn, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;
const { packPaddedSequence, padPackedSequence, padSequence } = nn.utils.rnn;

const [PAD, SOS, EOS, vocab, hiddenSize, maxLength] = [0, 1, 2, 15, 10, 6];

class EncoderRNN extends nn.Module {
  readonly embedding = new nn.Embedding(vocab, hiddenSize, { paddingIdx: PAD });
  readonly gru = new nn.GRU(hiddenSize, hiddenSize, {
    numLayers: 2,
    batchFirst: true,
    dropout: 0.1,
    bidirectional: true,
  });
  readonly dropout = new nn.Dropout(0.1);

  override forward(input: Tensor, lengths: Tensor) {
    const embedded = this.dropout.forward(this.embedding.forward(input));
    const packed = packPaddedSequence(embedded, lengths, { batchFirst: true, enforceSorted: false });
    const [packedOutput, hidden] = this.gru.forward(packed);
    const [both] = padPackedSequence(packedOutput, { batchFirst: true });
    const output = both
      .index(slice(), slice(), slice(null, hiddenSize))
      .add(both.index(slice(), slice(), slice(hiddenSize, null)));
    return [output, hidden.index(slice(-2, null)).sum(0, { keepdim: true })] as const;
  }
}

class BahdanauAttention extends nn.Module {
  readonly Wa = new nn.Linear(hiddenSize, hiddenSize);
  readonly Ua = new nn.Linear(hiddenSize, hiddenSize);
  readonly Va = new nn.Linear(hiddenSize, 1);

  override forward(query: Tensor, keys: Tensor, mask: Tensor) {
    let scores = this.Va.forward(torch.tanh(this.Wa.forward(query).add(this.Ua.forward(keys))));
    scores = scores.squeeze(2).unsqueeze(1);
    scores = scores.maskedFill(mask.unsqueeze(1), -1e9);
    const weights = F.softmax(scores, { dim: -1 });
    return [torch.bmm(weights, keys), weights] as const;
  }
}

class AttnDecoderRNN extends nn.Module {
  readonly embedding = new nn.Embedding(vocab, hiddenSize);
  readonly attention = new BahdanauAttention();
  readonly gru = new nn.GRU(2 * hiddenSize, hiddenSize, { batchFirst: true });
  readonly out = new nn.Linear(hiddenSize, vocab);

  override forward(encoderOutputs: Tensor, encoderHidden: Tensor, mask: Tensor, teacher?: Tensor) {
    const batchSize = encoderOutputs.size(0);
    let decoderInput = torch.empty(batchSize, 1, { dtype: torch.int64 }).fill_(SOS);
    let hidden = encoderHidden;
    const outputs: Tensor[] = [];
    const attentions: Tensor[] = [];
    for (let i = 0; i < maxLength; i += 1) {
      const embedded = this.embedding.forward(decoderInput);
      const [context, weights] = this.attention.forward(hidden.permute(1, 0, 2), encoderOutputs, mask);
      let output: Tensor;
      [output, hidden] = this.gru.forward(torch.cat([embedded, context], { dim: 2 }), hidden);
      output = this.out.forward(output);
      outputs.push(output);
      attentions.push(weights);
      if (teacher) {
        decoderInput = teacher.index(slice(), i).unsqueeze(1);
      } else {
        const [, topi] = output.topk(1);
        decoderInput = topi.squeeze(-1).detach();
      }
    }
    return [
      F.logSoftmax(torch.cat(outputs, { dim: 1 }), { dim: -1 }),
      torch.cat(attentions, { dim: 1 }),
    ] as const;
  }
}

export function translate() {
  const encoder = new EncoderRNN();
  const decoder = new AttnDecoderRNN();
  const encoderOptimizer = new torch.optim.Adam(encoder.parameters(), { lr: 0.01 });
  const decoderOptimizer = new torch.optim.Adam(decoder.parameters(), { lr: 0.01 });
  const criterion = new nn.NLLLoss({ ignoreIndex: PAD });
  const losses: number[] = [];
  let [input, lengths] = [torch.empty(0), torch.empty(0)];
  for (let step = 0; step < 4; step += 1) {
    const sentences = [3, 5, 2, 4].map((length) => torch.randint(3, vocab, [length]));
    const reversed = sentences.map((s) => torch.cat([s.flip(0), torch.tensor([BigInt(EOS)])]));
    let target = padSequence(reversed, { batchFirst: true });
    target = F.pad(target, [0, maxLength - target.size(1)], { value: PAD });
    input = padSequence(sentences, { batchFirst: true, paddingValue: PAD });
    lengths = torch.tensor(
      sentences.map((s) => s.size(0)),
      { dtype: torch.int64 },
    );

    encoderOptimizer.zeroGrad();
    decoderOptimizer.zeroGrad();
    const [encoderOutputs, encoderHidden] = encoder.forward(input, lengths);
    const teacher = step % 2 === 0 ? target : undefined;
    const [outputs] = decoder.forward(encoderOutputs, encoderHidden, input.eq(PAD), teacher);
    const loss = criterion.forward(outputs.view(-1, outputs.size(-1)), target.view(-1));
    loss.backward();
    nn.utils.clipGradValue_(decoder.parameters(), 0.1);
    encoderOptimizer.step();
    decoderOptimizer.step();
    losses.push(loss.item());
  }

  encoder.eval();
  decoder.eval();
  const [decodedIds, attentions] = torch.noGrad(() => {
    const [encoderOutputs, encoderHidden] = encoder.forward(input, lengths);
    const [decoded, weights] = decoder.forward(encoderOutputs, encoderHidden, input.eq(PAD));
    const [, topi] = decoded.topk(1);
    return [topi.squeeze(), weights] as const;
  });
  return {
    losses,
    decoded: decodedIds.tolist(),
    attentions,
    encoder: encoder.stateDict(),
    decoder: decoder.stateDict(),
    encoder_optimizer: encoderOptimizer.stateDict(),
    decoder_optimizer: decoderOptimizer.stateDict(),
  };
}
