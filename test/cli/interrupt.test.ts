import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { photoFolder, program, runCommand, small, temporaryFolder, xception } from './program.js';

const root = temporaryFolder({ keep: true });
afterAll(() => rmSync(root, { recursive: true }));

const photos = join(root, 'photos');
beforeAll(() => photoFolder(photos));

const quick = ['overfit', ...small, '--data', photos, '--epochs', '500'];
/** Steps of half a second and more, so that two signals fall into one. */
const slow = ['overfit', '--data', photos, '--size', '160', '--batch-size', '8', '--threads', '1'];

/** Calls `act` once, when `text` is there. */
function once<T>(text: string, act: (child: T) => void): (child: T, output: string) => void {
  let done = false;
  return (child, output) => {
    if (done || !output.includes(text)) return;
    done = true;
    act(child);
  };
}

/** When this is printed the first step begins. */
const ABOUT_TO_TRAIN = 'BatchNorm settle';

function expectSaved(out: string): void {
  const files = ['checkpoint.pt', 'curves.png', 'curves.svg', 'last.pt', 'metrics.jsonl', 'summary.json'];
  expect(readdirSync(out).sort()).toEqual(files);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  const metrics = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const steps = metrics.reduce((sum, line) => sum + JSON.parse(line).steps, 0);
  expect(summary).toMatchObject({ interrupted: true, steps });
  expect(steps).toBeGreaterThan(0);
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s finishes the step, saves everything and exits with %i', async (signal, code) => {
  const out = join(root, signal);
  const ended = await xception([...quick, '--out', out], {
    onOutput: once('epoch   2/500', (child) => child.kill(signal)),
  });
  expect(ended).toMatchObject({ code, signal: null });
  expect(ended.stderr).toBe('stopping after this step; press Ctrl-C again to exit at once\n');
  expect(ended.stdout).toMatch(/stopped after \d+ epochs \(\d+ steps\)/);
  expectSaved(out);
  const photo = join(photos, 'fish', 'fish01.jpg');
  expect(await xception(['predict', photo, '--weights', join(out, 'last.pt')])).toMatchObject({ code: 0 });
});

test('Ctrl-C, then --resume: the same weights as without', async () => {
  const [stopped, whole] = [join(root, 'stopped'), join(root, 'whole')];
  const run = ['overfit', ...small, '--data', photos, '--epochs', '4', '--out'];
  await xception([...run, whole]);
  const first = await xception([...run, stopped], {
    onOutput: once('epoch 2/4', (child) => child.kill('SIGINT')),
  });
  expect(first.stdout).toContain(`next: npx xception overfit --resume ${stopped}\n`);
  const wrong = await xception(['overfit', '--resume', stopped, '--lr', '1']);
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toMatch(/^xception: a resumed run goes on with its own options: leave out lr\n$/);
  expect(await xception(['overfit', '--resume', stopped])).toMatchObject({ code: 0, stderr: '' });
  const [ours, theirs] = [stopped, whole].map((out) => readFileSync(join(out, 'last.pt')));
  expect(theirs && ours?.equals(theirs)).toBe(true);
  expect(readdirSync(stopped)).not.toContain('checkpoint.pt');
});

test('a second one exits at once', async () => {
  const out = join(root, 'twice');
  const ended = await xception([...slow, '--out', out], {
    onOutput: once(ABOUT_TO_TRAIN, (child) => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 100);
    }),
  });
  expect(ended).toMatchObject({ code: 130, signal: null });
  expect(existsSync(join(out, 'last.pt'))).toBe(false);
});

test('under npm, which sends its own beside the terminal’s, one key press is one', async () => {
  const out = join(root, 'npm');
  const ended = await xception([...slow, '--out', out], {
    env: { npm_lifecycle_event: 'overfit' },
    onOutput: once(ABOUT_TO_TRAIN, (child) => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 100);
    }),
  });
  expect(ended).toMatchObject({ code: 130, signal: null });
  expectSaved(out);
});

test('before the training began nothing is written', async () => {
  const out = join(root, 'early');
  // The press comes while the library is loading.
  const press = `const { on } = process;
process.on = function (name, listener) {
  if (name === 'SIGTERM') process.kill(process.pid, 'SIGINT');
  return on.call(process, name, listener);
};`;
  const ended = await xception([...quick, '--out', out], {
    nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(press)}`],
  });
  expect(ended.stderr).toMatch(/stopped before the training began; nothing was written\n$/);
  expect(ended.code).toBe(130);
  expect(existsSync(out)).toBe(false);
});

test('on a terminal there is a bar, and Ctrl-C makes room for its lines', async () => {
  const out = join(root, 'terminal');
  // util-linux's script gives the command a terminal of its own.
  const command = [process.execPath, program, ...quick, '--out', out].map((word) => `'${word}'`).join(' ');
  const { stdout, code } = await runCommand(
    'script',
    ['-qefc', `stty cols 120; exec ${command}`, '/dev/null'],
    {
      input: true,
      // What the terminal makes of the key.
      onOutput: once('epoch   2/500:', (child) => child.stdin?.write('\x03')),
    },
  );
  expect(stdout).toMatch(
    /epoch 1\/500 \[#?\.+\] loss \d\.\d{4}, train accuracy \d\.\d{3}, \d+\.\d images\/s, [\d:]+ left/,
  );
  // Each line begins where the bar was wiped out.
  const wiped = '\x1b[2K';
  expect(stdout).toContain(`${wiped}epoch   1/500: train loss`);
  expect(stdout).toContain(`${wiped}stopping after this step`);
  expect(stdout).toMatch(/\nstopped after \d+ epochs/);
  expect(code).toBe(130);
  expectSaved(out);
});
