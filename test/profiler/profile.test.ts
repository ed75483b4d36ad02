import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, expect, test } from 'vitest';
import { memoryText, timeText } from '../../dist/profiler/table.js';
import { runPython } from '../live-python.js';

const { nn, profiler } = torch;
const folder = mkdtempSync(join(tmpdir(), 'profiler-'));
afterAll(() => rmSync(folder, { recursive: true }));

const layer = new nn.Linear(8, 4);
const x = torch.ones([2, 8]);
const one = torch.ones([]);
const step = () => nn.functional.relu(layer.forward(x)).sum().backward(one);

test('operators and their counts are those that Python records', () => {
  step();
  const recorded = profiler.profile(step, { recordShapes: true });
  const ours = Object.fromEntries(recorded.keyAverages().map(({ key, count }) => [key, count]));
  const expected = runPython<Record<string, number>>(`
import torch
layer = torch.nn.Linear(8, 4)
x = torch.ones(2, 8)
one = torch.ones([])
step = lambda: torch.nn.functional.relu(layer(x)).sum().backward(one)
step()
with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as p:
    step()
print(json.dumps({e.key: e.count for e in p.key_averages()}))`);
  expect(ours).toEqual(expected);
  const linear = recorded.events().find(({ name }) => name === 'aten::linear');
  expect(linear?.inputShapes.slice(0, 2)).toEqual([
    [2, 8],
    [4, 8],
  ]);
  expect(linear?.cpuChildren.map(({ name }) => name)).toContain('aten::addmm');
  expect(linear?.selfCpuTimeTotal).toBeLessThan(linear?.cpuTimeTotal as number);
});

test('a label holds what ran inside, also after an exception', () => {
  const recorded = profiler.profile(() => {
    profiler.recordFunction('my label', () => x.exp());
    expect(() =>
      profiler.recordFunction('broken', () => {
        throw new Error('out');
      }),
    ).toThrow('out');
    x.sin();
  });
  const label = recorded.events().find(({ name }) => name === 'my label');
  expect(label?.cpuChildren.map(({ name }) => name)).toEqual(['aten::exp']);
  expect(recorded.events().find(({ name }) => name === 'aten::sin')?.cpuParent).toBeNull();
  expect(() => profiler.recordFunction('later', async () => 1)).toThrow(TypeError);
});

test('memory is counted where it is allocated', () => {
  const recorded = profiler.profile(() => torch.empty([1024, 1024]), { profileMemory: true });
  const [empty] = recorded.keyAverages().filter(({ key }) => key === 'aten::empty');
  expect(empty?.selfCpuMemoryUsage).toBeGreaterThanOrEqual(4 << 20);
  expect(empty?.selfCpuMemoryUsage).toBeLessThan(6 << 20);
  expect(recorded.keyAverages().table()).toContain('Self CPU Mem');
});

test('the trace is one that Chrome reads, and names the operators', () => {
  const path = join(folder, 'trace.json');
  profiler.profile(step).exportChromeTrace(path);
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as {
    traceEvents: { name: string; ph: string; ts: number; dur?: number }[];
  };
  const complete = traceEvents.filter(({ ph }) => ph === 'X');
  expect(complete.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['aten::linear', 'aten::addmm', 'aten::relu', 'ReluBackward0']),
  );
  expect(complete.every(({ ts, dur }) => ts > 0 && (dur ?? 0) >= 0)).toBe(true);
  const again = profiler.profile(step);
  expect(() => again.exportChromeTrace(join(folder, 'missing', 'trace.json'))).toThrow('ENOENT');
});

test('the table has the columns and the rows of PyTorch', () => {
  const recorded = profiler.profile(step, { withFlops: true });
  const table = recorded.keyAverages().table({ sortBy: 'cpuTimeTotal', rowLimit: 3, header: 'one step' });
  const lines = table.split('\n');
  expect(lines[0]).toMatch(/^=+$/);
  expect(lines[1]).toBe('one step');
  expect(lines[3]?.trim().split(/ {2,}/)).toEqual([
    ...['Name', 'Self CPU %', 'Self CPU', 'CPU total %', 'CPU total', 'CPU time avg', '# of Calls'],
    'Total FLOPs',
  ]);
  expect(lines.filter((line) => /\d%/.test(line)).length).toBe(3);
  expect(table).toMatch(/Self CPU time total: [\d.]+(us|ms)\n$/);
  expect(new Set(lines.slice(2, 9).map((line) => line.length)).size).toBe(1);
});

test.each([
  [0.5, '0.500us'],
  [1500, '1.500ms'],
  [2_000_000, '2.000s'],
])('%d us is %s', (time, text) => {
  expect(timeText(time)).toBe(text);
});

test.each([
  [-12, '-12 B'],
  [2048, '2.00 KB'],
  [5 * 2 ** 20, '5.00 MB'],
  [3 * 2 ** 30, '3.00 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(memoryText(bytes)).toBe(text);
});

test('an awaited backward is recorded too', async () => {
  const recorded = await profiler.profile(async () => {
    await layer.forward(x).sum().backwardAsync();
  });
  expect(recorded.events().map(({ name }) => name)).toContain('AddmmBackward0');
});

test('misuse is refused', () => {
  const started = new profiler.Profile().start();
  expect(() => new profiler.Profile().start()).toThrow('already enabled');
  expect(() => started.events()).toThrow(torch.TorchError);
  started.stop();
  expect(() => started.stop()).toThrow("Can't disable Kineto profiler when it's not running");
  expect(() => new profiler.Profile({ activities: [] })).toThrow('No valid profiler activities found');
});
