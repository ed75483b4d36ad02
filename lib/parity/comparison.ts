// Which observations differ, and which of them have nothing before them that differs.

import type { Observation } from './observations.js';

const key = ({ phase, layer, item }: Observation): string => `${phase}|${layer}|${item}`;

/** The innermost module around `layer` that runs itself: a ModuleList does not. */
function callerOf(layer: string, running: ReadonlySet<string>): string | undefined {
  if (layer === '') return undefined;
  const names = layer.split('.');
  const around = names.map((_, i) => names.slice(0, i).join('.'));
  return around.reverse().find((name) => running.has(name));
}

/** A pair of observations that differ, with their places among ours and Python's. */
export interface Mismatch {
  ours: Observation;
  theirs: Observation;
  oursAt: number;
  theirsAt: number;
  origin: boolean;
}

/** Compares the steps of two runs one after another. */
export class Comparison {
  tensors = 0;
  /** What one side alone has, as text. */
  readonly unmatched: string[] = [];
  /** Names of parameters and buffers whose bits differ by now. */
  readonly #stale = new Set<string>();
  #differed = false;

  /** What differs in one step, in our order; observations that one side alone has are in `unmatched`. */
  step(ours: readonly Observation[], theirs: readonly Observation[]): Mismatch[] {
    const places = new Map(theirs.map((row, i) => [key(row), i]));
    const here = new Set(ours.map(key));
    this.#alone(
      ours.filter((row) => !places.has(key(row))),
      'here',
    );
    this.#alone(
      theirs.filter((row) => !here.has(key(row))),
      'in Python',
    );
    const mismatches: Mismatch[] = [];
    const differing = new Set<string>();
    const seen: Observation[] = [];
    const running = new Set(ours.filter(({ item }) => item.startsWith('output')).map(({ layer }) => layer));
    for (const [oursAt, row] of ours.entries()) {
      const theirsAt = places.get(key(row));
      const other = theirsAt === undefined ? undefined : theirs[theirsAt];
      if (other === undefined || theirsAt === undefined) continue;
      this.tensors += 1;
      const differs =
        row.hash !== other.hash || `${row.shape}` !== `${other.shape}` || row.dtype !== other.dtype;
      if (differs) {
        const origin = this.#isOrigin(row, differing, seen, (layer) => callerOf(layer, running));
        mismatches.push({ ours: row, theirs: other, oursAt, theirsAt, origin });
        differing.add(key(row));
        seen.push(row);
      }
      this.#remember(row, differs);
    }
    if (mismatches.length > 0) this.#differed = true;
    return mismatches;
  }

  #alone(rows: readonly Observation[], where: string): void {
    for (const { phase, layer, item } of rows) {
      this.unmatched.push(`${phase} of ${layer === '' ? item : `${layer}.${item}`} is ${where} only`);
    }
  }

  #remember({ phase, layer, item }: Observation, differs: boolean): void {
    if (phase !== 'construction' && phase !== 'update') return;
    if (differs) this.#stale.add(`${layer}.${item}`);
    else this.#stale.delete(`${layer}.${item}`);
  }

  #hasStale(layer: string): boolean {
    return [...this.#stale].some((name) => name.slice(0, name.lastIndexOf('.')) === layer);
  }

  /** Whether all that an observation depends on is the same on both sides; `before` differs in this step. */
  #isOrigin(
    row: Observation,
    differing: ReadonlySet<string>,
    before: readonly Observation[],
    called: (layer: string) => string | undefined,
  ): boolean {
    const { phase, layer, item, kind } = row;
    const differs = (test: (other: Observation) => boolean) => before.some(test);
    switch (phase) {
      case 'forward':
      case 'evaluation': {
        if (item.startsWith('input') || differs((o) => o.phase === phase && o.layer === layer)) return false;
        if (this.#hasStale(layer)) return false;
        const inner = layer === '' ? '' : `${layer}.`;
        const first = before.find((o) => o.phase === phase && o.layer.startsWith(inner));
        // What a module's own code gives one of its children is its own doing.
        return first === undefined || (first.item.startsWith('input') && called(first.layer) === layer);
      }
      case 'gradient':
        return !differs((o) => o.layer === layer && o.phase !== 'gradient') && !this.#hasStale(layer);
      case 'update':
        if (this.#stale.has(`${layer}.${item}`)) return false;
        if (kind === 'buffer') return !differs((o) => o.layer === layer && o.phase === 'forward');
        return !differing.has(`gradient|${layer}|${item}`);
      default:
        return !this.#differed && before.length === 0;
    }
  }
}
