import { Code, Decoder, DecoderOptions } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { assembleInstruction } from '../../src/encoder/assemble.js';
import { disassembleOne } from '../../src/encoder/disassemble.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import { InputError } from '../../src/input-error.js';
import { surveyed } from '../cpu/survey.js';
import { TWINS, type Twin } from './encoding-twins.js';
import { hex } from './hex.js';
import { allShapes, RandomEncodings } from './random-encodings.js';

const address = 0xffffffff81000000n;
const samples = 12;

function codeName(bytes: Uint8Array): string {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const instruction = decoder.decode();
  const name = Code[instruction.code] ?? '';
  instruction.free();
  decoder.free();
  return name;
}

const prefixes: ReadonlySet<number> = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]);

/** Prefixes may come in any order: GNU as puts 67 in front of 66, iced behind it. */
function prefixesSorted(bytes: Uint8Array): Uint8Array {
  const count = bytes.findIndex((byte) => !prefixes.has(byte));
  return Uint8Array.from([...bytes.slice(0, count).sort(), ...bytes.slice(count)]);
}

/** With 40 for the REX prefix, if there is one. */
function withoutRex(bytes: Uint8Array): Uint8Array {
  const at = bytes.findIndex((byte) => !prefixes.has(byte));
  return bytes.map((byte, i) => (i === at && (byte & 0xf0) === 0x40 ? 0x40 : byte));
}

/** Without what depends on the length of the instruction. */
const meaning = (text: string) => text.replace(/\s+#.*$/, '');

/** What came of an instruction that was disassembled and assembled again. */
type Outcome =
  | { readonly kind: 'same' | 'shorter' | 'not read' }
  | { readonly kind: 'twin'; readonly twin: Twin }
  | { readonly kind: 'failure'; readonly text: string };

/** Assembles what an instruction reads as. */
function outcomeOf(name: string, bytes: Uint8Array, syntax: Syntax): Outcome {
  const { text, length } = disassembleOne(bytes, address, { syntax });
  // FWAIT and another instruction; or what iced encodes and does not read.
  if (length !== bytes.length) return { kind: 'not read' };
  let again: Uint8Array;
  try {
    again = assembleInstruction(text, address, new Map(), { syntax });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const twin = TWINS.find(({ from, to }) => from.test(name) && to !== undefined && to(name) === undefined);
    return twin !== undefined
      ? { kind: 'twin', twin }
      : { kind: 'failure', text: `${name} ${hex(bytes)} is ${text}: ${error.message}` };
  }
  if (hex(again) === hex(bytes)) return { kind: 'same' };
  if (hex(prefixesSorted(again)) === hex(prefixesSorted(bytes))) return { kind: 'same' };
  const read = disassembleOne(again, address, { syntax }).text;
  const readsSame = meaning(read) === meaning(text);
  if (readsSame && again.length < bytes.length) return { kind: 'shorter' };
  const to = codeName(again);
  // REX.R where ModRM has part of the opcode, REX.W where the size is certain.
  if (readsSame && to === name && hex(withoutRex(again)) === hex(withoutRex(bytes))) return { kind: 'same' };
  const twin = TWINS.find(
    (rule) =>
      rule.from.test(name) &&
      isTwin(rule, name, to) &&
      (rule.longer === true || again.length <= bytes.length) &&
      (rule.readsDifferently === true || readsSame),
  );
  if (twin !== undefined) return { kind: 'twin', twin };
  return { kind: 'failure', text: `${name} ${hex(bytes)} is ${text}, then ${hex(again)}, ${to}, ${read}` };
}

function isTwin({ to = (name) => name }: Twin, name: string, found: string): boolean {
  const wanted = to(name);
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === found : wanted.test(found);
}

describe.each(['att', 'intel'] as const)('random instructions of every encoding, in %s syntax', (syntax) => {
  const failures: string[] = [];
  const tried = new Set<string>();
  const same = new Set<string>();
  const rules = new Set<Twin>();
  const random = new RandomEncodings(41, address);
  for (const shape of allShapes()) {
    for (let i = 0; i < samples; i++) {
      const bytes = random.next(shape);
      if (bytes === undefined) continue;
      // Which may be another encoding: iced makes 66 FF 20 of a JMP with a 16-bit target, of which there is none.
      const name = codeName(bytes);
      const outcome = outcomeOf(name, bytes, syntax);
      if (outcome.kind !== 'not read') tried.add(name);
      if (outcome.kind === 'same') same.add(name);
      if (outcome.kind === 'twin') rules.add(outcome.twin);
      if (outcome.kind === 'failure') failures.push(outcome.text);
    }
  }

  it('assemble from their disassembly to themselves, to what is shorter, or to a twin by a rule', () => {
    expect(failures).toEqual([]);
    expect(same.size).toBeGreaterThan(2000);
  });

  it('need every rule about twins', () => {
    expect(TWINS.filter((rule) => !rules.has(rule)).map(({ from }) => String(from))).toEqual([]);
  });

  it('are of every encoding that docs/isa.md calls implemented', () => {
    const implemented = surveyed.filter(({ state }) => state !== 'unsupported').map(({ code }) => code);
    expect(implemented.length).toBeGreaterThan(1000);
    expect(implemented.filter((code) => !tried.has(code))).toEqual([]);
  });

  it('come back as themselves in one sample at least, where docs/isa.md calls them implemented', () => {
    const implemented = surveyed.filter(({ state }) => state !== 'unsupported').map(({ code }) => code);
    const changed = implemented.filter((code) => !same.has(code));
    // Those of which another encoding is always chosen.
    expect(changed.filter((code) => !TWINS.some(({ from }) => from.test(code)))).toEqual([]);
  });
});
