import fc from 'fast-check';

/** What is defined outside of all sources: one address near them, one below 2 GiB. */
export const OUTSIDE = ['outside0', 'low0'] as const;

/** Statements that refer to a symbol `S`, with a relocation each, for a module at the top of the address space. */
const CODE = [
  'call S',
  'jmp S',
  'jne S',
  'lea S+K(%rip), %rax',
  'mov $S+K, %rcx',
  'movabs $S+K, %rdx',
  'mov S+K, %esi',
  'cmpl $7, S+K(%rip)',
  'movb $1, S(%rip)',
  'mov S@GOTPCREL(%rip), %rax',
  'call *S@GOTPCREL(%rip)',
  'jmp *S@GOTPCREL(%rip)',
  'cmpq $0, S@GOTPCREL(%rip)',
  'push S@GOTPCREL(%rip)',
  'test %rcx, S@GOTPCREL(%rip)',
];
const DATA = ['.quad S+K', '.quad S-.', '.long S-.+K', '.byte 1, 2, 3', '.balign 16', '.quad 0x1122334455667788'];

/** Statements for a symbol below 2 GiB. */
const LOW_CODE = ['movl $low0+K, %eax', 'mov $low0, %rcx'];
const LOW_DATA = ['.long low0+K', '.quad low0'];

const SECTIONS: readonly (readonly [name: string, forms: readonly string[], low: readonly string[]])[] = [
  ['.text', CODE, LOW_CODE],
  ['.section .rodata', DATA, LOW_DATA],
  ['.data', DATA, LOW_DATA],
];
const PLACES = [...SECTIONS.map(([name]) => name), '.bss'];

/** A definition: in which source and section, and whether it is a weak one. */
interface Definition {
  readonly name: string;
  readonly source: number;
  readonly section: string;
  readonly weak: boolean;
}

type Statement = readonly [choice: number, symbol: number, addend: number];

const pick = <T>(list: readonly T[], i: number): T | undefined => list[i % list.length];
/** Whether a symbol is perhaps weak and undefined, and so 0. */
const isPerhapsZero = (name: string): boolean => name === 'nowhere0' || name === 'common0';
const localName = (section: string): string => `local${PLACES.indexOf(section)}`;

function line([choice, symbol, addend]: Statement, forms: readonly string[], low: readonly string[], names: string[]) {
  const form = pick(choice % 7 === 0 ? low : forms, choice) ?? '';
  const name = pick(names, symbol) ?? '';
  // GNU ld makes `mov $0` of a load from a slot that is 0, whatever its options say; not of this one.
  if (isPerhapsZero(name) && form.includes('@GOTPCREL')) return `cmpq $0, ${name}@GOTPCREL(%rip)`;
  return form.replaceAll('S', name).replaceAll('K', String(addend));
}

interface Body {
  readonly statements: readonly (readonly Statement[])[];
  /** Size and alignment of the common symbol that the sources share, if this one has it. */
  readonly common: readonly [size: number, alignment: number] | undefined;
}

function source(number: number, definitions: readonly Definition[], { statements, common }: Body): string {
  const names = [...definitions.map(({ name }) => name), ...PLACES.map(localName), 'common0', 'nowhere0', 'outside0'];
  const labels = (section: string, after: string): string[] =>
    definitions
      .filter((definition) => definition.source === number && definition.section === section)
      .flatMap(({ name, weak }) => [`${weak ? '.weak' : '.globl'} ${name}`, `${name}:`, after]);
  return [
    '.weak nowhere0',
    common === undefined ? '.weak common0' : `.comm common0, ${common[0]}, ${common[1]}`,
    ...SECTIONS.flatMap(([section, forms, low], i) => [
      section,
      `.balign ${section === '.text' ? 16 : 8}`,
      ...(statements[i] ?? []).map((statement) => line(statement, forms, low, names)),
      `${localName(section)}: .quad 1`,
      ...labels(section, section === '.text' ? 'ret' : '.quad 5'),
    ]),
    '.bss',
    '.balign 32',
    'local3: .zero 8',
    ...labels('.bss', '.zero 24'),
    '',
  ].join('\n');
}

const statement: fc.Arbitrary<Statement> = fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: -64, max: 4096 }));
const definition = fc.record({ source: fc.nat({ max: 2 }), section: fc.constantFrom(...PLACES), weak: fc.boolean() });
const body: fc.Arbitrary<Body> = fc.record({
  statements: fc.tuple(
    fc.array(statement, { minLength: 1, maxLength: 30 }),
    fc.array(statement, { maxLength: 10 }),
    fc.array(statement, { maxLength: 10 }),
  ),
  common: fc.option(fc.tuple(fc.constantFrom(4, 8, 100), fc.constantFrom(4, 16, 64)), { nil: undefined }),
});

/** Each name is defined once, or weakly in one source and in whatever way in the next. */
const definitions: fc.Arbitrary<readonly Definition[]> = fc
  .array(fc.tuple(definition, definition, fc.boolean()), { minLength: 3, maxLength: 8 })
  .map((pairs) =>
    pairs.flatMap(([first, second, both], i): Definition[] => {
      const name = `global${i}`;
      const next = { ...second, name, source: (first.source + 1 + (second.source % 2)) % 3 };
      return both ? [{ ...first, name, weak: true }, next] : [{ ...first, name }];
    }),
  );

/** Three sources (`a.s`, `b.s`, `c.s`) that refer to each other's names in all the ways that a module may. */
export const randomSources: fc.Arbitrary<Record<string, string>> = fc
  .tuple(definitions, fc.tuple(body, body, body))
  .map(([defined, bodies]) => Object.fromEntries(bodies.map((one, i) => [`${'abc'[i]}.s`, source(i, defined, one)])));
