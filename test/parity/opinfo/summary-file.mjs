// Puts what a run found into SUMMARY.md: a row for its dtype in each table, and nothing else.

import { readFileSync, writeFileSync } from 'node:fs';
import { formNames, totals } from './summary.mjs';

const file = new URL('SUMMARY.md', import.meta.url);
const count = (number) => number.toLocaleString('en-US');
const row = (cells) => `| ${cells.join(' | ')} |`;

function functionRow(title, found) {
  const { operators, compared, identical, without, samples, equal, different, unexportable } = found;
  return row([
    title,
    ...[operators, compared, identical, without, samples, equal, different, unexportable].map(count),
  ]);
}

function formsRow(title, { forms }) {
  const cells = formNames.map((name) => {
    const { entries, equal, different } = forms[name];
    return `${count(entries)} entries, ${count(equal + different)} calls, ${count(different)} different`;
  });
  return row([title, ...cells]);
}

function replaced(section, title, line) {
  const lines = section.split('\n');
  const at = lines.findIndex((text) => text.startsWith(`| ${title} |`));
  if (at < 0) throw new Error(`SUMMARY.md has no row for ${title}`);
  lines[at] = line;
  return lines.join('\n');
}

/**
 * @param {string} title the row's first cell
 * @param {import('./compare.mjs').Row[]} rows
 */
export function updateSummary(title, rows) {
  const found = totals(rows);
  const [opening, functions, forms, rest] = readFileSync(file, 'utf8').split(/^(?=## )/m);
  const tables = [replaced(functions, title, functionRow(title, found))];
  tables.push(title === 'refusals' ? forms : replaced(forms, title, formsRow(title, found)));
  writeFileSync(file, [opening, ...tables, rest].join(''));
}
