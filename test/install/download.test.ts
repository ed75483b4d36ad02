import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { download } from '../../tools/install/download.mjs';
import { temporaryFolder } from './fixtures/host.js';

const content = randomBytes(1_000_000);
const sha256 = createHash('sha256').update(content).digest('hex');

interface Asked {
  range: string | undefined;
}

const offsetOf = (request: IncomingMessage) => Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);

/** Serves `content`; `answer` may do something else with the request of that number and then returns true. */
async function serve(
  answer: (number: number, request: IncomingMessage, response: ServerResponse) => boolean,
) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ range: request.headers.range });
    if (answer(asked.length, request, response)) return;
    const from = offsetOf(request);
    if (from >= content.length) {
      response.writeHead(416).end();
      return;
    }
    const rest = content.subarray(from);
    const range = from ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(from ? 206 : 200, { 'content-length': rest.length, ...range }).end(rest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = join(temporaryFolder(), 'downloads', 'libtorch.zip');
  const said: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtorch.zip`;
  const start = (sum = sha256) =>
    download({ url, sha256: sum }, file, (line) => said.push(line), { pause: 1 });
  return { asked, file, said, start };
}

/** Sends a part, then breaks the connection. */
function cut(response: ServerResponse, from: number, to: number) {
  const headers = { 'content-length': content.length - from };
  response.writeHead(from ? 206 : 200, headers).write(content.subarray(from, to));
  setTimeout(() => response.destroy(), 50); // after the client has read some of it
  return true;
}

test('fetches a file in one go', async () => {
  const { asked, file, start } = await serve(() => false);
  await start();
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(asked).toHaveLength(1);
});

test('goes on where the connection was cut, as often as it takes', async () => {
  const { asked, file, said, start } = await serve((number, request, response) => {
    const from = offsetOf(request);
    return number <= 6 && cut(response, from, from + 150_000);
  });
  await start();
  expect(readFileSync(file).equals(content)).toBe(true);
  const offsets = asked.map(({ range }) => Number(range?.slice('bytes='.length, -1) ?? 0));
  expect(offsets[0]).toBe(0);
  expect(offsets[6]).toBeGreaterThan(0);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  expect(said.filter((line) => line.includes('cut off'))).toHaveLength(6);
});

test('goes on from what an earlier run left', async () => {
  const { asked, file, start } = await serve(() => false);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, content.subarray(0, 400_000));
  await start();
  expect(asked).toEqual([{ range: 'bytes=400000-' }]);
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(existsSync(`${file}.part`)).toBe(false);
});

test('starts over where what an earlier run left does not fit', async () => {
  const { asked, file, said, start } = await serve(() => false);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, Buffer.alloc(content.length, 1));
  await start();
  expect(asked.map(({ range }) => range)).toEqual([`bytes=${content.length}-`, undefined]);
  expect(said.join()).toContain('starting over');
  expect(readFileSync(file).equals(content)).toBe(true);
});

test('copes with a server that knows no ranges', async () => {
  const { file, start } = await serve((number, _request, response) => {
    if (number === 1) return cut(response, 0, 500_000);
    response.writeHead(200, { 'content-length': content.length }).end(content);
    return true;
  });
  await start();
  expect(readFileSync(file).equals(content)).toBe(true);
});

test('does not mix the answer to another range into the file', async () => {
  const { file, start } = await serve((number, _request, response) => {
    if (number === 1) return cut(response, 0, 500_000);
    if (number > 2) return false;
    const headers = { 'content-length': 10, 'content-range': `bytes 7-16/${content.length}` };
    response.writeHead(206, headers).end(content.subarray(7, 17));
    return true;
  });
  await start();
  expect(readFileSync(file).equals(content)).toBe(true);
});

test('tries again where the server is overloaded', async () => {
  const { file, start } = await serve((number, _request, response) => {
    if (number > 2) return false;
    response.writeHead(503).end();
    return true;
  });
  await start();
  expect(readFileSync(file).equals(content)).toBe(true);
});

test('refuses a file with another checksum and keeps nothing of it', async () => {
  const { file, start } = await serve(() => false);
  await expect(start('0'.repeat(64))).rejects.toMatchObject({
    message: expect.stringContaining(`its sha256 is ${sha256}, not 0000`),
    fix: expect.stringContaining('do not trust that address'),
  });
  expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
});

test('names an address that does not exist', async () => {
  const { start } = await serve((_number, _request, response) => {
    response.writeHead(404).end();
    return true;
  });
  await expect(start()).rejects.toThrow('the server answers 404');
});

test('says that there is no network', async () => {
  const file = join(temporaryFolder(), 'libtorch.zip');
  const url = 'http://127.0.0.1:9/libtorch.zip';
  await expect(download({ url, sha256 }, file, () => {}, { pause: 1 })).rejects.toMatchObject({
    message: expect.stringMatching(/^no network: 127\.0\.0\.1:9 cannot be reached/),
    fix: expect.stringContaining('set LIBTORCH'),
  });
});

test('gives up on a server that never gets further, and the next run goes on', async () => {
  let broken = true;
  const { asked, file, start } = await serve((_number, request, response) => {
    if (!broken) return false;
    const from = offsetOf(request);
    return cut(response, from, Math.max(from, 200_000));
  });
  await expect(start()).rejects.toThrow('no network');
  broken = false;
  await start();
  expect(asked.at(-1)?.range).toMatch(/^bytes=\d+-$/);
  expect(readFileSync(file).equals(content)).toBe(true);
});
