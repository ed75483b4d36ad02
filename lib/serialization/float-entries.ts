// JavaScript has one 1; Python has 1 and 1.0. What was a float in a file is noted here beside its container, so that
// saving makes a float of it again as long as the entry holds that number.

const floats = new WeakMap<object, Map<unknown, number>>();

/** Notes that the integral number under `key` (an index, a key, the element of a set) is a float. */
export function noteFloat(container: object, key: unknown, value: number): void {
  const entries = floats.get(container);
  if (entries) entries.set(key, value);
  else floats.set(container, new Map([[key, value]]));
}

export function isNotedFloat(container: object, key: unknown, value: number): boolean {
  return floats.get(container)?.get(key) === value;
}

/** Notes the same floats beside a copy of a container; `keyIn` says where an entry is in the copy. */
export function carryFloats(from: object, to: object, keyIn: (key: unknown, value: number) => unknown): void {
  for (const [key, value] of floats.get(from) ?? []) noteFloat(to, keyIn(key, value), value);
}
