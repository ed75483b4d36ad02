import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { measure } from './run.js';

interface Grown {
  live: number;
  after: number;
  grown: number;
  peak: number;
}

test.each(['alone', 'queues', 'threads', 'kept'])(
  '100 epochs leave nothing behind, workers: %s',
  { timeout: 600_000 },
  (way) => {
    const { live, after, grown, peak } = measure<Grown>('loader-epochs', [way]);
    const added = `added ${grown} MB and ${after - live} tensors`;
    console.log(`the last 50 of 100 epochs (${way}) ${added}, peak ${peak.toFixed(0)} MB`);
    // One tensor of each epoch would be 50, its samples 1 GB.
    expect(after).toBeLessThan(live + 50);
    expect(grown).toBeLessThan(100);
    // Batches that come from other threads are told to the collector of this one: else they pile up to 2 GB.
    expect(peak).toBeLessThan(1200);
  },
);

describe('no thread is left', () => {
  test.each([
    ['whole', null],
    ['break', null],
    ['close', null],
    ['interrupt', null],
    ['loop throws', 'enough'],
    ['worker throws', /^Caught TorchError in DataLoader worker \d: cannot read sample 7 of the dataset/],
    ['collate throws', 'enough'],
    ['module throws', /no module/],
    ['timeout', 'DataLoader timed out after 5 seconds'],
  ])('%s', (way, text) => {
    const { before, after, error } = measure<{ before: number; after: number; error: string | null }>(
      'loader-ends',
      [way],
    );
    if (text instanceof RegExp) expect(error).toMatch(text);
    else expect(error).toBe(text);
    expect(after).toBeLessThanOrEqual(before);
  });
});

/** Living processes of a group, as the kernel lists them. */
function membersOf(group: number): string[] {
  const isMember = (pid: string) => {
    try {
      // After the name, which may hold anything but ends with the last bracket: state, parent, group.
      const [state, , itsGroup] =
        readFileSync(`/proc/${pid}/stat`, 'utf8').split(/.*\) /)[1]?.split(' ') ?? [];
      return state !== 'Z' && Number(itsGroup) === group;
    } catch {
      return false; // it has ended meanwhile
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMember(name));
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the whole job, in the middle of an epoch',
  async (signal) => {
    const program = fileURLToPath(new URL('programs/loader-running.mjs', import.meta.url));
    // A group of its own, which is what the terminal sends Ctrl-C to.
    const child = spawn(process.execPath, [program], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = child.pid as number;
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(membersOf(pid)).toContain(String(pid));
    process.kill(-pid, signal);
    const [, endedBy] = await ended;
    expect(endedBy).toBe(signal);
    expect(membersOf(pid)).toEqual([]);
  },
);
