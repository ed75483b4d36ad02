// Long enough for a path and what to do; a list of 276 keys is not.
const LONGEST = 600;

/** A message without line breaks, cut where it would go on and on. */
export function oneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} ...` : line;
}
