// A comparison as the lines that `npm run opinfo` prints and SUMMARY.md keeps.

const shown = (told) => JSON.stringify(told)?.slice(0, 300);

/** @param {import('./compare.mjs').Row[]} rows */
export function totals(rows) {
  const compared = rows.filter(({ reason }) => reason === undefined);
  const sum = (count) => compared.reduce((all, row) => all + count(row), 0);
  return {
    operators: rows.length,
    compared: compared.length,
    identical: compared.filter(({ different }) => different.length === 0).length,
    without: rows.length - compared.length,
    samples: sum(({ equal, different }) => equal + different.length),
    equal: sum(({ equal }) => equal),
    different: sum(({ different }) => different.length),
    unexportable: sum(({ unexportable }) => unexportable.length),
  };
}

/**
 * @param {string} title
 * @param {import('./compare.mjs').Row[]} rows
 */
export function summary(title, rows) {
  const lines = [];
  for (const { op, different, equal } of rows) {
    if (different.length === 0) continue;
    const [{ sample, ours, theirs }] = different;
    lines.push(
      `${op}: ${different.length} of ${different.length + equal} differ, first sample ${sample}`,
      `  here    ${shown(ours)}`,
      `  PyTorch ${shown(theirs)}`,
    );
  }
  const { operators, compared, identical, without, samples, equal, different, unexportable } = totals(rows);
  lines.push(
    `${title}: ${operators} entries, ${compared} compared, ${identical} identical, ${without} without counterpart; ` +
      `${samples} samples, ${equal} equal, ${different} different, ${unexportable} that cannot be exported`,
  );
  return lines.join('\n');
}
