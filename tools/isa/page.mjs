const unique = (list) => [...new Set(list)];
const countOf = (encodings, state) => encodings.filter((one) => one.state === state).length;

function byFeatures(encodings) {
  const groups = new Map();
  for (const one of encodings) groups.set(one.features, [...(groups.get(one.features) ?? []), one]);
  return [...groups];
}

/** Mnemonics; of those that only some encodings are implemented of, the others by name. */
function missing(group) {
  const whole = [];
  const parts = [];
  for (const mnemonic of unique(group.map((one) => one.mnemonic))) {
    const all = group.filter((one) => one.mnemonic === mnemonic);
    const lacking = all.filter(({ state }) => state !== 'implemented');
    if (lacking.length === all.length && lacking.every(({ state }) => state === 'unsupported')) whole.push(mnemonic);
    else parts.push(...lacking.map(({ code, state }) => (state === 'partly' ? `${code} (in part)` : code)));
  }
  return [...whole, ...parts].join(' ');
}

const implemented = (group) =>
  unique(group.filter(({ state }) => state !== 'unsupported').map(({ mnemonic }) => mnemonic)).join(' ');

function row(name, encodings) {
  return `| ${name} | ${encodings.length} | ${countOf(encodings, 'implemented')} | ${countOf(encodings, 'partly')} |`;
}

/** The page docs/isa.md of what {@link survey} found. */
export function page(encodings) {
  const groups = byFeatures(encodings);
  const some = groups.filter(([, group]) => group.some(({ state }) => state !== 'unsupported'));
  const none = groups.filter(([, group]) => group.every(({ state }) => state === 'unsupported'));
  const lines = [
    '# Instructions',
    '',
    "Every encoding of 64-bit mode (iced-x86's `Code`), by the CPUID feature that brings it. An unsupported",
    'instruction stops the machine with its bytes and address; it is never skipped and never #UD. Written by `npm',
    'run build && node tools/isa.mjs`; a test compares.',
    '',
    '| | encodings | implemented | in part |',
    '|---|---|---|---|',
    row('all', encodings),
    row(
      'of features that have any',
      some.flatMap(([, group]) => group),
    ),
    row(
      'of the others: x87, MMX, SSSE3, AVX, AMX, virtualisation, ...',
      none.flatMap(([, group]) => group),
    ),
    '',
    'Of SSE, SSE2, SSE3, SSE4_1 and SSE4_2 there is what needs no floating point and no MMX register, as far as',
    'compilers use it for integers (docs/adr/0016); CPUID claims none of them. PTWRITE and WBNOINVD are executed',
    'without the leaf that would announce them. What CR4 would have to enable is #UD: XGETBV and XSETBV, RDPKRU and',
    'WRPKRU, shadow stacks. What needs compatibility mode, like SYSRET with 32-bit operand size, stops as',
    'unsupported when it is executed. docs/adr/0017 says what of the rest is left out, and why;',
    'tools/oracle/README.md, which encodings were recorded on a processor and which were not.',
    '',
    '## Features with implemented instructions',
    '',
    '| feature | | implemented | not implemented |',
    '|---|---|---|---|',
    ...some.map(
      ([features, group]) =>
        `| ${features} | ${countOf(group, 'implemented')}/${group.length} | ${implemented(group)} | ${missing(group)} |`,
    ),
    '',
    '## Features without',
    '',
    '| feature | encodings | unsupported |',
    '|---|---|---|',
    ...none.map(([features, group]) => `| ${features} | ${group.length} | ${missing(group)} |`),
  ];
  return `${lines.join('\n')}\n`;
}
