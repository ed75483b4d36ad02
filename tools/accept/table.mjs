// @ts-check

/**
 * Rows as a table of Markdown whose columns line up on a terminal; the first row is the heading.
 * @param {readonly (readonly string[])[]} rows of equal length
 */
export function tableText(rows) {
  const [heading = []] = rows;
  const widths = heading.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(heading), rule, ...rows.slice(1).map(line)].join('\n');
}
