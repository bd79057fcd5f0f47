import { Definitions } from '../definition.js';
import { VECTOR } from '../vector.js';

const definitions = new Definitions();
/** Direct stores: MOVDIRI MOVDIR64B. They bypass caches and write buffers, neither of which is simulated. */
export const DIRECT_STORE = definitions.all;

/* MOVDIRI — Move Doubleword, Quadword as Direct Store. DEST := SRC. */
definitions.define('movdiri', { forms: ['mr'], sizes: [4, 8], dest: 'w' }, (i) => i.dest.write(i.src.read()));

/*
 * MOVDIR64B — Move 64 Bytes as Direct Store. Memory[ES:DEST] := SRC, one write of 64 bytes; #GP(0) unless it is
 * aligned to 64 bytes. The read may be many. The size of DEST, which holds the address, is the address size.
 */
definitions.define('movdir64b', { forms: ['rm'], sizes: [4, 8], dest: 'r' }, (i) => {
  const to = i.dest.read();
  i.when(to.and(63).ne(0), () => i.fault(VECTOR.gp, 0));
  const from = i.linearAddress();
  const words = Array.from({ length: 8 }, (_, index) => i.load(from.add(8 * index), 8, 'operand'));
  words.forEach((word, index) => {
    i.store(to.add(8 * index), 8, word);
  });
});
