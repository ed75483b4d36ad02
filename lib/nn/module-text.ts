// How a module prints: PyTorch's `Module.__repr__`.

/** A child's text inside its parent's: every line but the first goes in. */
export function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** `Name(extra)`, or one line per extra line and per child. */
export function moduleText(name: string, extra: string, children: string[]): string {
  const extraLines = extra === '' ? [] : extra.split('\n');
  if (children.length === 0 && extraLines.length <= 1) return `${name}(${extra})`;
  return `${name}(\n  ${[...extraLines, ...children].join('\n  ')}\n)`;
}

/** `ModuleList` says equal neighbours once: `(0-7): 8 x Block(...)`. */
export function repeatedText(texts: string[]): string[] {
  const runs: { first: number; last: number; text: string }[] = [];
  for (const [index, text] of texts.entries()) {
    const run = runs.at(-1);
    if (run?.text === text) run.last = index;
    else runs.push({ first: index, last: index, text });
  }
  return runs.map(({ first, last, text }) =>
    indented(first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`),
  );
}
