import { Definitions } from '../definition.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/** What a step does when the fetch or the decoder gave no instruction to execute. */
export const FETCH_OUTCOME = definitions.all;

/** Names that no mnemonic can have. */
export const OUTCOME = {
  undefined: '(undefined)',
  unsupported: '(unsupported)',
  pageFault: '(page fault)',
  notAllowed: '(not allowed)',
} as const;

/* No instruction begins with these bytes: #UD. */
definitions.define(OUTCOME.undefined, { forms: [''], sizes: [8] }, (i) => i.fault(VECTOR.ud));

/* An instruction outside the implemented set: the machine stops and says so; never skipped, never #UD. */
definitions.define(OUTCOME.unsupported, { forms: [''], sizes: [8] }, (i) => i.unsupported());

/* The fetch touched a page that is absent or not executable: #PF, error code and CR2 in the two immediates. */
definitions.define(OUTCOME.pageFault, { forms: ['rr'], sizes: [8], dest: 'r' }, (i) => {
  i.setCell('cr2', i.src.read());
  i.fault(VECTOR.pf, i.dest.read().or(i.cell('cpl').ne(0).shl(2)));
});

/* RIP is not canonical, or the instruction is longer than 15 bytes: #GP(0). */
definitions.define(OUTCOME.notAllowed, { forms: [''], sizes: [8] }, (i) => i.fault(VECTOR.gp, 0));
