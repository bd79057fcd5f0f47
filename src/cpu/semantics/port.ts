import { Definitions } from '../definition.js';
import type { Insn, Value } from '../insn.js';
import { requireIopl } from './privilege.js';

const definitions = new Definitions();
/**
 * Input and output: IN OUT (INS and OUTS are string instructions). No device is at any port: what is read is all ones,
 * as on a bus that nobody drives, and what is written goes nowhere.
 */
export const PORT = definitions.all;

/** IF CPL > IOPL THEN #GP(0): no bit of the TSS's I/O permission map allows a port, as Linux's default one. */
export const requirePort = requireIopl;

export const fromPort = (i: Insn): Value => i.constant(-1);

/* IN — Input From Port. DEST := the port. */
definitions.define('in', { forms: ['rr'], sizes: [1, 2, 4], dest: 'w' }, (i) => {
  requirePort(i);
  i.dest.write(fromPort(i));
});

/* OUT — Output to Port. The port, which the first operand is, as DX or an immediate, := SRC. */
definitions.define('out', { forms: ['rr'], sizes: [2, 8], dest: 'r' }, requirePort);
