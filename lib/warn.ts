/** A warning of Python's `warnings.warn`, which Node prints once per text and lets the program listen to. */
export function warn(message: string, category = 'UserWarning'): void {
  if (shown.has(message)) return;
  shown.add(message);
  process.emitWarning(message, category);
}

const shown = new Set<string>();
