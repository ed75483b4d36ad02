import * as torch from 'libtorch-node';
import { afterEach, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const { autograd } = torch;

afterEach(() => autograd.setDetectAnomaly(false));

/** What Node is told while `body` runs. */
async function warningsOf(body: () => unknown): Promise<string[]> {
  const heard: string[] = [];
  const listen = ({ message }: Error) => heard.push(message);
  process.on('warning', listen);
  await body();
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('warning', listen);
  return heard;
}

function makesNan() {
  const x = torch.tensor([0], { requiresGrad: true });
  return x.sqrt().mul(0).sum();
}

test('a NaN in backward is an error, and the warning shows where the forward made it', async () => {
  let message = '';
  const heard = await warningsOf(() =>
    autograd.detectAnomaly(() => {
      const loss = makesNan();
      try {
        loss.backward();
      } catch (error) {
        ({ message } = error as Error);
      }
    }),
  );
  const [text, warning] = runPython<[string, string]>(`
import torch, warnings
with warnings.catch_warnings(record=True) as caught, torch.autograd.set_detect_anomaly(True):
    warnings.simplefilter('always')
    x = torch.tensor([0.0], requires_grad=True)
    loss = (x.sqrt() * 0).sum()
    try:
        loss.backward()
    except RuntimeError as error:
        print(json.dumps([str(error), str(caught[-1].message).split(chr(10))[0]]))`);
  expect(message).toBe(text);
  const shown = heard.find((line) => line.startsWith('Error detected')) as string;
  expect(shown.split('\n')[0]).toBe(warning);
  expect(shown.split('\n')[1]).toMatch(/^ {4}at makesNan .*anomaly\.test\.ts/);
  expect(autograd.isAnomalyEnabled()).toBe(false);
});

test('without anomaly detection in the forward there is no stack to show', async () => {
  const loss = makesNan();
  const heard = await warningsOf(() =>
    autograd.detectAnomaly(() => expect(() => loss.backward()).toThrow('returned nan values')),
  );
  expect(heard).toContainEqual(expect.stringContaining('No forward pass information available'));
});

test('the stack of the gradient of a gradient leads back to the forward', async () => {
  const heard = await warningsOf(() =>
    autograd.detectAnomaly(() => {
      const x = torch.tensor([0], { requiresGrad: true });
      const [first] = autograd.grad(x.pow(1.5).sum(), x, { createGraph: true });
      expect(() => (first as torch.Tensor).mul(0).sum().backward()).toThrow('returned nan values');
    }),
  );
  const expected = runPython<string[]>(`
import torch, warnings
with warnings.catch_warnings(record=True) as caught, torch.autograd.set_detect_anomaly(True):
    warnings.simplefilter('always')
    x = torch.tensor([0.0], requires_grad=True)
    first, = torch.autograd.grad(x.pow(1.5).sum(), x, create_graph=True)
    try:
        (first * 0).sum().backward()
    except RuntimeError:
        pass
print(json.dumps([str(w.message).strip().split(chr(10))[0] for w in caught]))`);
  const texts = heard.map((text) => text.trim().split('\n')[0]);
  expect(texts.filter((text) => !text?.startsWith('Anomaly Detection'))).toEqual(expected);
});

test('NaN may be let through, and backward off the event loop warns too', async () => {
  autograd.setDetectAnomaly(true, { checkNan: false });
  expect([autograd.isAnomalyEnabled(), autograd.isAnomalyCheckNanEnabled()]).toEqual([true, false]);
  makesNan().backward();
  autograd.setDetectAnomaly(true);
  const loss = makesNan();
  const heard = await warningsOf(() => expect(loss.backwardAsync()).rejects.toThrow('returned nan values'));
  expect(heard.filter((line) => line.startsWith('Error detected in SqrtBackward0')).length).toBe(1);
});
