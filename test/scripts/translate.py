"""Sequence to sequence: a bidirectional GRU over packed sequences, attention, teacher forcing, greedy decoding."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PAD, SOS, EOS, vocab, hidden_size, max_length = 0, 1, 2, 15, 10, 6


class EncoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden_size, padding_idx=PAD)
        self.gru = nn.GRU(hidden_size, hidden_size, num_layers=2, batch_first=True, dropout=0.1, bidirectional=True)
        self.dropout = nn.Dropout(0.1)

    def forward(self, input, lengths):
        embedded = self.dropout(self.embedding(input))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        output, hidden = self.gru(packed)
        output, _ = pad_packed_sequence(output, batch_first=True)
        output = output[:, :, :hidden_size] + output[:, :, hidden_size:]
        return output, hidden[-2:].sum(0, keepdim=True)


class BahdanauAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.Wa = nn.Linear(hidden_size, hidden_size)
        self.Ua = nn.Linear(hidden_size, hidden_size)
        self.Va = nn.Linear(hidden_size, 1)

    def forward(self, query, keys, mask):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys)))
        scores = scores.squeeze(2).unsqueeze(1)
        scores = scores.masked_fill(mask.unsqueeze(1), -1e9)
        weights = F.softmax(scores, dim=-1)
        return torch.bmm(weights, keys), weights


class AttnDecoderRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden_size)
        self.attention = BahdanauAttention()
        self.gru = nn.GRU(2 * hidden_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, vocab)

    def forward(self, encoder_outputs, hidden, mask, target=None, teacher_forcing=False):
        batch_size = encoder_outputs.size(0)
        decoder_input = torch.empty(batch_size, 1, dtype=torch.long).fill_(SOS)
        outputs, attentions = [], []
        for i in range(max_length):
            embedded = self.embedding(decoder_input)
            context, weights = self.attention(hidden.permute(1, 0, 2), encoder_outputs, mask)
            output, hidden = self.gru(torch.cat((embedded, context), dim=2), hidden)
            output = self.out(output)
            outputs.append(output)
            attentions.append(weights)
            if teacher_forcing:
                decoder_input = target[:, i].unsqueeze(1)
            else:
                _, topi = output.topk(1)
                decoder_input = topi.squeeze(-1).detach()
        return F.log_softmax(torch.cat(outputs, dim=1), dim=-1), torch.cat(attentions, dim=1)


def run():
    encoder, decoder = EncoderRNN(), AttnDecoderRNN()
    encoder_optimizer = torch.optim.Adam(encoder.parameters(), lr=0.01)
    decoder_optimizer = torch.optim.Adam(decoder.parameters(), lr=0.01)
    criterion = nn.NLLLoss(ignore_index=PAD)
    losses = []
    for step in range(4):
        sentences = [torch.randint(3, vocab, (length,)) for length in (3, 5, 2, 4)]
        target = pad_sequence([torch.cat((s.flip(0), torch.tensor([EOS]))) for s in sentences], batch_first=True)
        target = F.pad(target, (0, max_length - target.size(1)), value=PAD)
        input = pad_sequence(sentences, batch_first=True, padding_value=PAD)
        lengths = torch.tensor([len(s) for s in sentences])

        encoder_optimizer.zero_grad()
        decoder_optimizer.zero_grad()
        encoder_outputs, encoder_hidden = encoder(input, lengths)
        outputs, _ = decoder(encoder_outputs, encoder_hidden, input == PAD, target, teacher_forcing=step % 2 == 0)
        loss = criterion(outputs.view(-1, outputs.size(-1)), target.view(-1))
        loss.backward()
        nn.utils.clip_grad_value_(decoder.parameters(), 0.1)
        encoder_optimizer.step()
        decoder_optimizer.step()
        losses.append(loss.item())

    encoder.eval()
    decoder.eval()
    with torch.no_grad():
        encoder_outputs, encoder_hidden = encoder(input, lengths)
        decoded, attentions = decoder(encoder_outputs, encoder_hidden, input == PAD)
        _, topi = decoded.topk(1)
        decoded_ids = topi.squeeze()
    return {
        "losses": losses,
        "decoded": decoded_ids.tolist(),
        "attentions": attentions,
        "encoder": encoder.state_dict(),
        "decoder": decoder.state_dict(),
        "encoder_optimizer": encoder_optimizer.state_dict(),
        "decoder_optimizer": decoder_optimizer.state_dict(),
    }
