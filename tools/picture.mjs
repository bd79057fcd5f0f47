// Writes docs/images/counterexample.svg: the first terminal of docs/read-a-counterexample.md, which a test holds to the program.

import { readFileSync, writeFileSync } from 'node:fs';
import { firstTerminal, svg } from './picture/svg.mjs';

const page = readFileSync(new URL('../docs/read-a-counterexample.md', import.meta.url), 'utf8');
const picture = svg(
  firstTerminal(page),
  'A counterexample that xmc check found: the stub is used again while a CPU is in it',
);
writeFileSync(new URL('../docs/images/counterexample.svg', import.meta.url), picture);
