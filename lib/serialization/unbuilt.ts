// Some objects are made empty and get their contents by BUILD; meanwhile they may already sit in other containers.

/** Takes what BUILD brings; answers with another object where that cannot be the contents of this one. */
type Build = (state: unknown) => object | undefined;

const builders = new WeakMap<object, Build>();

/** Says what BUILD does to an object, once. */
export function awaitState<T extends object>(object: T, build: Build): T {
  builders.set(object, build);
  return object;
}

export function awaitsState(value: unknown): value is object {
  return typeof value === 'object' && value !== null && builders.has(value);
}

/** Gives an object the state that it waits for: the object, or the one in its place; null when it waits for none. */
export function giveState(object: object, state: unknown): object | null {
  const build = builders.get(object);
  builders.delete(object);
  return build ? (build(state) ?? object) : null;
}
