// Some objects are made empty and get their contents by BUILD; meanwhile they may already sit in other containers.

const builders = new WeakMap<object, (state: unknown) => void>();

/** Says what BUILD does to an object, once. */
export function awaitState<T extends object>(object: T, build: (state: unknown) => void): T {
  builders.set(object, build);
  return object;
}

/** Gives an object the state that it waits for; false when it waits for none. */
export function giveState(object: object, state: unknown): boolean {
  const build = builders.get(object);
  builders.delete(object);
  build?.(state);
  return build !== undefined;
}
