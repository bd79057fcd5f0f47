import { SymbolTable } from '../../src/encoder/symbols.js';
import { CodeText } from '../../src/report/code-text.js';
import type { Paint } from '../../src/report/paint.js';
import type { Subject } from '../../src/report/subject.js';

export const SITE = 0xffffffff8100c0bcn;
export const OLD = Uint8Array.of(0xe8, 0x3f, 0x3f, 0xff, 0x00);
export const NEW = Uint8Array.of(0xe8, 0x79, 0x51, 0xff, 0x00);

/** Three CPUs, one site, a call of `old` that becomes one of `new`. */
export const SUBJECT: Subject = {
  cpus: 3,
  code: new CodeText(
    new SymbolTable([
      ['site', SITE],
      ['after', SITE + 5n],
      ['old', 0xffffffff82000000n],
      ['new', 0xffffffff8200123an],
    ]),
  ),
  patches: [{ site: 'site', insn: 'call.rel32 new' }],
  sites: [{ symbol: 'site', address: SITE, versions: [OLD, NEW] }],
};

const tag =
  (name: string) =>
  (text: string): string =>
    `<${name}>${text}</${name}>`;

/** Colours that can be read in a snapshot. */
export const TAGS: Paint = {
  bold: tag('bold'),
  dim: tag('dim'),
  red: tag('red'),
  green: tag('green'),
  yellow: tag('yellow'),
  cyan: tag('cyan'),
};
