// Where in the program of the user something happened: the JavaScript stack without this library's own frames.

/** What the core of this library is built into: core.js and core-errors.js. */
const core = new URL('core', import.meta.url).href;
const deep = 50;

/** A frame in the core of this library; layers, losses and optimizers say what was going on, and stay. */
function isOwn(line: string): boolean {
  return line.includes(core);
}

/** The frames from the first one outside of the core on; all of them where there is no other. */
function framesOf(stack: string): string[] {
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const first = lines.findIndex(
    (line) => !isOwn(line) && !line.includes('(node:') && !line.includes('(native'),
  );
  return first < 0 ? lines : lines.slice(first);
}

function withDeepStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = deep;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** The stack of the code that called into the library, one frame per line. */
export function userStack(): string {
  const { stack } = withDeepStack(() => new Error());
  return framesOf(stack ?? '').join('\n');
}

/** Makes an error whose stack begins at the user's line. */
export function atUserLine<E extends Error>(make: () => E): E {
  const error = withDeepStack(make);
  const { stack } = error;
  if (typeof stack !== 'string') return error;
  const frames = framesOf(stack).slice(0, Math.max(Error.stackTraceLimit, 1));
  const head = stack.slice(0, stack.indexOf('\n    at '));
  Object.defineProperty(error, 'stack', {
    value: frames.length > 0 ? `${head}\n${frames.join('\n')}` : stack,
    writable: true,
    configurable: true,
  });
  return error;
}
