/** Text of a cell: what would end it is escaped. */
const cell = (value) => String(value === true ? 'yes' : value === false ? 'no' : value).replaceAll('|', '\\|');

const row = (cells) => `| ${cells.map(cell).join(' | ')} |\n`;

const table = (head, rows) => `${row(head)}|${'---|'.repeat(head.length)}\n${rows.map(row).join('')}`;

/**
 * The tables of docs/profiles.md: the value of every rule in every profile, and for each profile where its values come from.
 * @param rows PROFILE_ROWS of src/profile/profiles.ts
 * @param keys RULE_KEYS of src/profile/rules.ts
 */
export function tables(rows, keys) {
  const names = Object.keys(rows);
  const rules = Object.entries(keys);
  const values = table(
    ['rule', ...names.map((name) => `\`${name}\``)],
    rules.map(([rule, key]) => [`\`${key}\``, ...names.map((name) => rows[name].row[rule].value)]),
  );
  const sources = names.map((name) => {
    const { title, row: ofProfile } = rows[name];
    const list = rules.map(([rule, key]) => [`\`${key}\``, ofProfile[rule].value, ofProfile[rule].source]);
    return `### \`${name}\`: ${title}\n\n${table(['rule', 'value', 'source'], list)}`;
  });
  return [values, ...sources].join('\n');
}

const BEGIN = '<!-- begin: tools/profiles.mjs writes what follows -->\n';
const END = '<!-- end -->';

/** The page with other tables between its marks. */
export function withTables(page, text) {
  const [begin, end] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  if (begin < BEGIN.length || end < begin) throw new Error('docs/profiles.md has no marks around its tables');
  return `${page.slice(0, begin)}\n${text}\n${page.slice(end)}`;
}
