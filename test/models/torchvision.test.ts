// The networks that torchvision has too, beside what its constructors make from the same seed (tools/golden/models.py).

import { createHash, type Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { models, type nn } from 'libtorch-node';
import { describe, expect, test } from 'vitest';

interface Golden {
  parameters: number;
  keys: number;
  state: Record<string, string>;
  generator: string;
  logits?: { size: number; train: string[]; eval: string[] };
}

const golden = JSON.parse(readFileSync(new URL('golden/torchvision.json', import.meta.url), 'utf8')) as {
  cpuCapability: string;
  models: Record<string, Golden>;
};

const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function construct(name: string): nn.Module {
  torch.manualSeed(0);
  return (Reflect.get(models, camel(name)) as () => nn.Module)();
}

const bytes = (tensor: torch.Tensor) => tensor.detach().contiguous().typedArray();
const short = (digest: Hash) => digest.digest('hex').slice(0, 16);
const digestOf = (tensor: torch.Tensor) => short(createHash('sha256').update(bytes(tensor)));

function digests(model: nn.Module): Record<string, string> {
  const children = new Map<string, Hash>();
  for (const [name, tensor] of model.stateDict()) {
    const child = name.split('.')[0] as string;
    const digest = children.get(child) ?? createHash('sha256');
    children.set(child, digest);
    digest.update(`${name} [${tensor.shape.join(', ')}]\n`).update(bytes(tensor));
  }
  return Object.fromEntries([...children].map(([name, digest]) => [name, short(digest)]));
}

test.each(Object.entries(golden.models))('%s is made of the same bits', (name, expected) => {
  torch.scope(() => {
    const model = construct(name);
    const generator = digestOf(torch.getRngState());
    const parameters = model.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0);
    expect({ parameters, keys: model.stateDict().size }).toEqual({
      parameters: expected.parameters,
      keys: expected.keys,
    });
    expect(digests(model)).toEqual(expected.state);
    expect(generator).toBe(expected.generator);
  });
});

function logitsOf(model: nn.Module, images: torch.Tensor): string[] {
  const { forward } = model as { forward(images: torch.Tensor): torch.Tensor | models.InceptionOutputs };
  const output = torch.noGrad(() => forward.call(model, images));
  return (torch.isTensor(output) ? [output] : [output.logits, output.auxLogits]).map(digestOf);
}

// Other kernels for other processors round differently.
describe.runIf(torch.versions().cpuCapability === golden.cpuCapability)(
  'the logits are the same bits',
  () => {
    const run = Object.entries(golden.models).flatMap(([name, { logits }]) =>
      logits ? [[name, logits] as const] : [],
    );
    test.each(run)('%s', (name, { size, train, eval: evaluated }) => {
      torch.setNumThreads(1);
      const model = construct(name);
      torch.manualSeed(1);
      const images = torch.rand(2, 3, size, size);
      expect(logitsOf(model.train(), images)).toEqual(train);
      expect(logitsOf(model.eval(), images)).toEqual(evaluated);
    });
  },
);
