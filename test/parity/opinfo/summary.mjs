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
    forms: Object.fromEntries(formNames.map((name) => [name, formTotals(compared, name)])),
  };
}

/** Of all forms. */
export function differences(rows) {
  const { different, forms } = totals(rows);
  return Object.values(forms).reduce((all, form) => all + form.different, different);
}

export const formNames = ['method', 'in place', 'out', 'unsized out'];

/** Of one form over all entries that have it. */
function formTotals(rows, name) {
  const forms = rows.flatMap((row) => (row.forms?.[name] ? [{ op: row.op, ...row.forms[name] }] : []));
  const has = forms.filter(({ missing }) => missing === undefined);
  return {
    entries: has.length,
    identical: has.filter(({ different }) => different.length === 0).length,
    equal: has.reduce((all, { equal }) => all + equal, 0),
    different: has.reduce((all, { different }) => all + different.length, 0),
    missing: forms.filter(({ missing }) => missing !== undefined).map(({ missing }) => missing),
  };
}

function differs(title, different, equal) {
  if (different.length === 0) return [];
  const [{ sample, ours, theirs }] = different;
  return [
    `${title}: ${different.length} of ${different.length + equal} differ, first sample ${sample}`,
    `  here    ${shown(ours)}`,
    `  PyTorch ${shown(theirs)}`,
  ];
}

/**
 * @param {string} title
 * @param {import('./compare.mjs').Row[]} rows
 */
export function summary(title, rows) {
  const lines = [];
  for (const { op, different, equal, forms = {} } of rows) {
    lines.push(...differs(op, different, equal));
    for (const [form, tally] of Object.entries(forms))
      lines.push(...differs(`${op}, ${form}`, tally.different, tally.equal));
  }
  const { operators, compared, identical, without, samples, equal, different, unexportable, forms } =
    totals(rows);
  lines.push(
    `${title}: ${operators} entries, ${compared} compared, ${identical} identical, ${without} without counterpart; ` +
      `${samples} samples, ${equal} equal, ${different} different, ${unexportable} that cannot be exported`,
  );
  for (const [form, { entries, identical, equal, different, missing }] of Object.entries(forms)) {
    if (entries === 0) continue;
    const without = missing.length > 0 ? `; missing: ${missing.join(' ')}` : '';
    lines.push(
      `  ${form}: ${entries} entries, ${identical} identical; ${equal} equal, ${different} different${without}`,
    );
  }
  return lines.join('\n');
}
