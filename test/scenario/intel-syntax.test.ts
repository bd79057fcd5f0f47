import { describe, expect, it } from 'vitest';
import { buildImage } from '../../src/scenario/build/image.js';
import { buildPatches } from '../../src/scenario/build/sites.js';
import { loadScenario } from '../../src/scenario/load.js';

const scenario = (syntax: string, text: string, replacement: string) => `
scenario: both
syntax: ${syntax}
cpus: 1
text:
  - base: 0xffffffff81000000
    asm: |
${text}
data:
  - {name: counter, base: 0xffffffff83000000, asm: ".quad start"}
sites:
  site: {}
tasks:
  patcher: {cpu: 0, procedure: patch}
patch:
  - {site: site, new: "${replacement}"}
`;

const att = `
      start:  incq counter(%rip)
      site:   mov $counter,%rax
              hlt
`;
const intel = `
      start:  inc qword ptr counter[rip]
      site:   mov rax, offset counter
              hlt
`;

function built(source: string) {
  const loaded = loadScenario(source, 'x.yaml').variant(undefined);
  const { parts, symbols } = buildImage(loaded, new Map());
  const address = symbols.get('site') ?? 0n;
  const site = { symbol: 'site', address, length: 7, clobbers: new Set<never>(), flagClobbers: 0n };
  const { patches } = buildPatches(loaded, [site], symbols);
  return { text: parts.map(({ bytes }) => bytes), patches: patches.map(({ bytes }) => bytes) };
}

describe('a scenario in Intel syntax', () => {
  it('is what the same one in AT&T syntax is, its patches too', () => {
    const one = built(scenario('att', att, 'mov start(%rip),%rax'));
    expect(built(scenario('intel', intel, 'mov rax, [rip+start]'))).toEqual(one);
    expect(one.patches.map(({ length }) => length)).toEqual([7]);
  });

  it('has its mistakes reported where they are in the file', () => {
    const mixed = scenario('intel', att, 'mov rax, start[rip]');
    expect(() => built(mixed)).toThrow(
      expect.objectContaining({
        message: "unexpected '(%rip)'",
        location: { file: 'x.yaml', line: 9, column: 27 },
      }),
    );
  });
});
