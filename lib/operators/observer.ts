// Who is told of every operator that is called, for finding the one whose bits differ from another run's.

/** Gets the qualified name (`aten::add`) and what the call gave; what it throws, the call throws. */
export type OperatorObserver = (name: string, result: unknown) => void;

/** What each call tells while it is set; per thread of JavaScript. */
export let observer: OperatorObserver | undefined;

function withObserver<T>(next: OperatorObserver | undefined, body: () => T): T {
  const outer = observer;
  observer = next;
  try {
    return body();
  } finally {
    observer = outer;
  }
}

/** Calls `body`, whose operator calls are told to nobody. */
export function unobserved<T>(body: () => T): T {
  return withObserver(undefined, body);
}

/** Calls `body` with every operator call of this thread told to `observe`, except those that `observe` itself makes. */
export function observeOperators<T>(observe: OperatorObserver, body: () => T): T {
  return withObserver((name, result) => unobserved(() => observe(name, result)), body);
}
