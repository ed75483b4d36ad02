import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Compiles one of this folder's sources into a shared library against the addon's libtorch. */
export function compile(source: string, library: string): void {
  const record = new URL('../../build/libtorch.json', import.meta.url);
  const { libtorch: path } = JSON.parse(readFileSync(record, 'utf8')) as { libtorch: string };
  execFileSync('c++', [
    ...['-std=c++20', '-O0', '-shared', '-fPIC', `-I${path}/include`],
    ...[fileURLToPath(new URL(source, import.meta.url)), '-o', library],
    ...[`-L${path}/lib`, '-ltorch_cpu', '-lc10', `-Wl,-rpath,${path}/lib`],
  ]);
}
