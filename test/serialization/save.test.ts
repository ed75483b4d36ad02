import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterEach, beforeEach, expect, it } from 'vitest';

const { load, save } = torch;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'save-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('round-trips a module and leaves no tensors behind', () => {
  const model = new torch.nn.Sequential(new torch.nn.Conv2d(3, 4, 3), new torch.nn.BatchNorm2d(4));
  const path = join(folder, 'model.pt');
  const state = model.stateDict();
  const before = torch.liveTensors();
  save(state, path);
  expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
  const loaded = load<torch.OrderedDict<string, torch.Tensor>>(path);
  expect(torch.liveTensors()).toBeLessThanOrEqual(before + state.size); // less, if garbage was collected meanwhile
  for (const [name, tensor] of state)
    expect(torch.equal(loaded.get(name) as torch.Tensor, tensor)).toBe(true);
  new torch.nn.Sequential(new torch.nn.Conv2d(3, 4, 3), new torch.nn.BatchNorm2d(4)).loadStateDict(loaded);
});

it('leaves storages as they are: they can still be resized', () => {
  const tensor = torch.zeros([2]);
  const path = join(folder, 'x.pt');
  save(tensor, path);
  expect(tensor.resize_([100]).numel()).toBe(100);
  expect(load<torch.Tensor>(path).resize_([100]).numel()).toBe(100);
});

it('saves storages that are larger than one piece', () => {
  const size = (1 << 24) + 5;
  const tensor = torch.arange(size, { dtype: torch.int32 });
  const path = join(folder, 'large.pt');
  save([tensor], path);
  expect(torch.equal(load<torch.Tensor[]>(path)[0] as torch.Tensor, tensor)).toBe(true);
});

it('names the place of a value that cannot be saved', () => {
  const refused = (value: unknown) => () => save(value, join(folder, 'x.pt'));
  expect(refused({ model: { f: () => 1 } })).toThrow("cannot save ['model']['f']: it is function");
  expect(refused([1, undefined])).toThrow('cannot save [1]: it is undefined');
  expect(refused(new Map([[new Date(), 1]]))).toThrow(/it is Date/);
  expect(refused(new torch.nn.Linear(1, 1))).toThrow(
    'cannot save the value: it is Linear; save its stateDict() instead',
  );
  expect(refused({ a: Float32Array.of(1) })).toThrow("['a']: it is Float32Array; make it a tensor first");
  expect(refused({ a: 1n << 3000n })).toThrow('255 is the most');
  expect(refused(new Map([[[1], 2]]))).toThrow('cannot save the value: a list, dict or set cannot be a key');
  expect(refused({ a: torch.zeros([2]).toMkldnn() })).toThrow(/layout torch._mkldnn \(at \['a'\]\)/);
  expect(readdirSync(folder)).toEqual([]);
});

it('refuses two dtypes over one storage, as PyTorch', () => {
  const a = torch.zeros([4]);
  expect(() => save({ a, b: a.view(torch.int32) }, join(folder, 'x.pt'))).toThrow(
    /^Cannot save multiple tensors or storages that view the same data as different types: torch.float32 and torch.int32/,
  );
});

it('refuses a value that is nested too deeply, and saves one that contains itself', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 1000; i += 1) deep = [deep];
  expect(() => save(deep, join(folder, 'x.pt'))).toThrow('nested more than 400 deep');
  const circle: unknown[] = [1];
  circle.push(circle);
  save(circle, join(folder, 'x.pt'));
  const loaded = load<unknown[]>(join(folder, 'x.pt'));
  expect(loaded[1]).toBe(loaded);
});

it.each([
  ['model.v2.pt', 'model.v2'],
  ['model', 'model'],
  ['.pt', 'archive'],
  ['modèle.pt', 'archive'],
])('calls the folder in %s %s', (name, root) => {
  save(1, join(folder, name));
  expect(readFileSync(join(folder, name)).toString('latin1')).toContain(`${root}/data.pkl`);
  expect(load(join(folder, name))).toBe(1);
});

it('replaces an old file, keeping its permissions and the link that leads to it', () => {
  const path = join(folder, 'x.pt');
  save(1, path);
  chmodSync(path, 0o600);
  symlinkSync(path, join(folder, 'link.pt'));
  save(2, join(folder, 'link.pt'));
  expect(load(path)).toBe(2);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['link.pt', 'x.pt']);
});

it('writes through a link to nothing, as Python does', () => {
  mkdirSync(join(folder, 'there'));
  symlinkSync('there/x.pt', join(folder, 'link.pt'));
  save(1, join(folder, 'link.pt'));
  expect(load(join(folder, 'there', 'x.pt'))).toBe(1);
  expect(lstatSync(join(folder, 'link.pt')).isSymbolicLink()).toBe(true);
});

it('takes names of any length that the file system has', () => {
  for (const name of ['x'.repeat(255), `${'\u00e9'.repeat(126)}.pt`]) {
    save(1, join(folder, name));
    expect(load(join(folder, name))).toBe(1);
  }
  expect(() => save(1, join(folder, 'x'.repeat(256)))).toThrow(/the name is too long \(ENAMETOOLONG\)/);
  expect(() => save(1, join(folder, 'a\0b'))).toThrow(/null bytes/);
  save(2, join(folder, 'two\nlines.pt'));
  expect(load(join(folder, 'two\nlines.pt'))).toBe(2);
});

it.runIf(process.getuid?.() === 0)('leaves a file to its owner', () => {
  const path = join(folder, 'x.pt');
  save(1, path);
  chownSync(path, 1234, 4321);
  save(2, path);
  const { uid, gid } = statSync(path);
  expect([uid, gid, load(path)]).toEqual([1234, 4321, 2]);
});

it.runIf(process.getuid?.() !== 0)('leaves a file alone that may only be read', () => {
  const path = join(folder, 'x.pt');
  save(1, path);
  chmodSync(path, 0o444);
  expect(() => save(2, path)).toThrow(/permission denied.*EACCES/);
  expect(load(path)).toBe(1);
});

it('names the path when it cannot be written', () => {
  mkdirSync(join(folder, 'taken.pt'));
  expect(() => save(1, join(folder, 'none', 'x.pt'))).toThrow(
    /cannot save .*x.pt: the folder does not exist.*ENOENT/,
  );
  expect(() => save(1, join(folder, 'taken.pt'))).toThrow(
    /cannot save .*taken.pt: there is a folder of that name/,
  );
  expect(() => save(1, join(folder, 'taken.pt'))).toThrow(torch.TorchError);
  writeFileSync(join(folder, 'file'), '');
  expect(() => save(1, join(folder, 'file', 'x.pt'))).toThrow(/a part of the path is a file.*ENOTDIR/);
  symlinkSync('loop.pt', join(folder, 'loop.pt'));
  expect(() => save(1, join(folder, 'loop.pt'))).toThrow(/links lead in a circle \(ELOOP\)/);
});

it.runIf(existsSync('/dev/full'))('says that the disk is full', () => {
  expect(() => save(torch.zeros([1000]), '/dev/full')).toThrow(
    'cannot save /dev/full: the disk is full (ENOSPC)',
  );
});

// A limit on the size of files stops the writing in the middle, as a full disk does.
it('keeps the old file when the disk fills up in the middle', () => {
  const path = join(folder, 'x.pt');
  save(torch.ones([4]), path);
  const program = `
    import * as torch from 'libtorch-node';
    try {
      torch.save(torch.zeros([1000000]), process.env.TARGET);
    } catch (error) {
      console.log(error.message);
    }`;
  const output = execFileSync('bash', ['-c', 'ulimit -f 100; exec node --input-type=module -e "$PROGRAM"'], {
    cwd: new URL('../..', import.meta.url).pathname,
    env: { ...process.env, TARGET: path, PROGRAM: program },
    encoding: 'utf8',
  });
  expect(output).toMatch(/cannot save .*x.pt: the file would be larger than allowed \(EFBIG\)/);
  expect(load<torch.Tensor>(path).tolist()).toEqual([1, 1, 1, 1]);
  expect(readdirSync(folder)).toEqual(['x.pt']);
});

it('keeps the old file when it is killed in the middle', () => {
  const path = join(folder, 'x.pt');
  save(torch.ones([4]), path);
  const program = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.fsyncSync = () => process.kill(process.pid, 'SIGKILL');
    syncBuiltinESMExports();
    const torch = await import('libtorch-node');
    torch.save(torch.zeros([1000]), process.env.TARGET);`;
  expect(() =>
    execFileSync('node', ['--input-type=module', '-e', program], {
      cwd: new URL('../..', import.meta.url).pathname,
      env: { ...process.env, TARGET: path },
    }),
  ).toThrow(/Command failed/);
  expect(load<torch.Tensor>(path).tolist()).toEqual([1, 1, 1, 1]);
  writeFileSync(path, readFileSync(path));
});
