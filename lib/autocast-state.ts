import { native } from './native.js';

/** A function that runs others under the autocast of now, whatever it is then: what is computed again must be the same. */
export function forkAutocast(deviceTypes: readonly string[]): (run: () => unknown) => unknown {
  const states = deviceTypes.map((type) => [type, native.autocastState(type)] as const);
  return (run) => {
    const entered: (() => void)[] = [];
    try {
      for (const [type, state] of states) {
        const before = native.autocastState(type);
        native.enterAutocast(type, ...state);
        entered.push(() => native.leaveAutocast(type, ...before));
      }
      return run();
    } finally {
      for (const leave of entered.reverse()) leave();
    }
  };
}
