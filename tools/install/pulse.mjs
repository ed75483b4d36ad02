// @ts-check

const interval = 15_000; // ms

/**
 * Says now and then that something slow is still going on.
 * @template T
 * @param {(line: string) => void} say
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withPulse(say, what, work) {
  const begin = Date.now();
  const pulse = setInterval(() => say(`  ${what}: ${Math.round((Date.now() - begin) / 1000)} s`), interval);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
  }
}
