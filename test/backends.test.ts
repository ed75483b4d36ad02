import * as torch from 'libtorch-node';
import { afterEach, expect, test } from 'vitest';
import { runPython } from './live-python.js';

const { backends } = torch;

afterEach(() => {
  torch.setFloat32MatmulPrecision('highest');
  torch.useDeterministicAlgorithms(false);
});

/** The switches under Python's names. */
const switches = (): Record<string, unknown> => ({
  'cudnn.enabled': backends.cudnn.enabled,
  'cudnn.benchmark': backends.cudnn.benchmark,
  'cudnn.deterministic': backends.cudnn.deterministic,
  'cudnn.allow_tf32': backends.cudnn.allowTf32,
  'cudnn.conv.fp32_precision': backends.cudnn.conv.fp32Precision,
  'cudnn.rnn.fp32_precision': backends.cudnn.rnn.fp32Precision,
  'cuda.matmul.allow_tf32': backends.cuda.matmul.allowTf32,
  'cuda.matmul.allow_fp16_reduced_precision_reduction':
    backends.cuda.matmul.allowFp16ReducedPrecisionReduction,
  'cuda.matmul.allow_bf16_reduced_precision_reduction':
    backends.cuda.matmul.allowBf16ReducedPrecisionReduction,
  'cuda.matmul.allow_fp16_accumulation': backends.cuda.matmul.allowFp16Accumulation,
  'cuda.matmul.fp32_precision': backends.cuda.matmul.fp32Precision,
  'cuda.flash_sdp_enabled()': backends.cuda.flashSdpEnabled(),
  'cuda.mem_efficient_sdp_enabled()': backends.cuda.memEfficientSdpEnabled(),
  'cuda.math_sdp_enabled()': backends.cuda.mathSdpEnabled(),
  'cuda.cudnn_sdp_enabled()': backends.cuda.cudnnSdpEnabled(),
  'mkldnn.enabled': backends.mkldnn.enabled,
  'mkldnn.deterministic': backends.mkldnn.deterministic,
  'mkldnn.matmul.fp32_precision': backends.mkldnn.matmul.fp32Precision,
  'mkldnn.is_available()': backends.mkldnn.isAvailable(),
  'mkl.is_available()': backends.mkl.isAvailable(),
  'openmp.is_available()': backends.openmp.isAvailable(),
  'cpu.get_cpu_capability()': backends.cpu.getCpuCapability(),
});

const inPython = (setup: string) =>
  runPython<Record<string, unknown>>(
    `
import torch, warnings
warnings.simplefilter('ignore')
b = torch.backends
${setup}
print(json.dumps({name: eval('b.' + name) for name in input}))`,
    Object.keys(switches()),
  );

test('defaults are those of Python', () => {
  expect(switches()).toEqual(inPython(''));
});

test('switches move what they move in Python', () => {
  const names = ['benchmark', 'deterministic', 'allowTf32', 'enabled'] as const;
  const before = names.map((name) => backends.cudnn[name]);
  names.forEach((name, i) => {
    backends.cudnn[name] = !before[i];
  });
  backends.mkldnn.deterministic = true;
  backends.cuda.enableFlashSdp(false);
  try {
    expect(switches()).toEqual(
      inPython(`
torch.set_float32_matmul_precision('highest')
b.cudnn.benchmark = True
b.cudnn.deterministic = True
b.cudnn.allow_tf32 = False
b.cudnn.enabled = False
b.mkldnn.deterministic = True
b.cuda.enable_flash_sdp(False)`),
    );
    expect(() => {
      backends.cudnn.benchmark = 1 as never;
    }).toThrow(TypeError);
  } finally {
    names.forEach((name, i) => {
      backends.cudnn[name] = before[i] as boolean;
    });
    backends.mkldnn.deterministic = false;
    backends.cuda.enableFlashSdp(true);
  }
});

test.each(['high', 'medium', 'highest'] as const)('float32 products of %s precision', (precision) => {
  torch.setFloat32MatmulPrecision(precision);
  expect(torch.getFloat32MatmulPrecision()).toBe(precision);
  expect(switches()).toEqual(inPython(`torch.set_float32_matmul_precision('${precision}')`));
});

test('allowTf32 is a precision under another name', () => {
  backends.cuda.matmul.allowTf32 = true;
  expect([torch.getFloat32MatmulPrecision(), backends.cuda.matmul.fp32Precision]).toEqual(['high', 'tf32']);
});

test('deterministic algorithms refuse, or warn', async () => {
  const put = () =>
    torch
      .zeros([4])
      .put_(torch.tensor([0n, 1n]), torch.ones([2]))
      .tolist();
  torch.useDeterministicAlgorithms(true);
  expect(torch.getDeterministicDebugMode()).toBe(2);
  expect(put).toThrow(/^put_ does not have a deterministic implementation/);
  const heard: string[] = [];
  const listen = ({ message }: Error) => heard.push(message);
  process.on('warning', listen);
  torch.useDeterministicAlgorithms(true, { warnOnly: true });
  expect([torch.isDeterministicAlgorithmsWarnOnlyEnabled(), torch.getDeterministicDebugMode()]).toEqual([
    true,
    1,
  ]);
  expect(put()).toEqual([1, 1, 0, 0]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('warning', listen);
  expect(heard[0]).toMatch(/^put_ does not have a deterministic implementation/);
  torch.setDeterministicDebugMode('default');
  expect(torch.areDeterministicAlgorithmsEnabled()).toBe(false);
  expect(() => torch.setDeterministicDebugMode('foo')).toThrow(
    'invalid value of debug_mode, expected one of `default`, `warn`, `error`, but got foo',
  );
  expect(() => torch.setDeterministicDebugMode(5)).toThrow('expected 0, 1, or 2, but got 5');
});
