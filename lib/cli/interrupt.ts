// Ctrl-C: the first one asks the run to stop, the second one ends the program.

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof EXIT_CODES;

/** Signals that come within this time of the first one may still be the same key press. */
const ONE_PRESS_MS = 400;

/**
 * How many signals one key press makes: the terminal sends one to every process of the job, and npm and npx send
 * theirs on to us.
 */
function signalsPerPress(): number {
  return process.env.npm_lifecycle_event === undefined ? 1 : 2;
}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came, 0 before. */
  exitCode(): number;
}

/** Aborts at the first SIGINT or SIGTERM, and calls `onStop`; the second one exits at once. */
export function interruptible(onStop: () => void): Interrupt {
  const controller = new AbortController();
  let exitCode = 0;
  let count = 0;
  let first = 0;
  const receive = (name: StopSignal): void => {
    count += 1;
    if (count === 1) {
      exitCode = EXIT_CODES[name];
      first = performance.now();
      onStop();
      controller.abort();
    } else if (count > signalsPerPress() || performance.now() - first > ONE_PRESS_MS) {
      process.exit(EXIT_CODES[name]);
    }
  };
  for (const name of Object.keys(EXIT_CODES) as StopSignal[]) process.on(name, receive);
  return { signal: controller.signal, exitCode: () => exitCode };
}
