import { CR4, GPR } from '../cells.js';
import { Definitions } from '../definition.js';
import { setStatusFlags } from '../flags.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun } from './begun-registers.js';

const definitions = new Definitions();
/** What a processor tells of itself beside CPUID: RDTSC RDTSCP RDPID RDPMC, and random numbers. */
export const PROCESSOR_INFORMATION = definitions.all;

const simple = (name: string, meaning: (i: Insn) => void): void =>
  definitions.define(name, { forms: [''], sizes: [8] }, meaning);

/* RDTSC — Read Time-Stamp Counter. EDX:EAX := IA32_TIME_STAMP_COUNTER, which stands still: it is part of the state. */
simple('rdtsc', readTsc);

/* RDTSCP — Read Time-Stamp Counter and Processor ID. As RDTSC; ECX := IA32_TSC_AUX. */
simple('rdtscp', (i) => {
  readTsc(i);
  i.setRegister(GPR.rcx, i.cell('tscAux'), 4);
});

/* RDPMC — Read Performance-Monitoring Counters. #GP(0): there is no counter whose number could be in ECX. */
simple('rdpmc', (i) => i.fault(VECTOR.gp, 0));

function readTsc(i: Insn): void {
  const forbidden = begun(i, 'cr4').and(CR4.tsd).ne(0).and(i.cell('cpl').ne(0));
  i.when(forbidden, () => i.fault(VECTOR.gp, 0));
  const tsc = i.cell('tsc');
  i.setRegister(GPR.rax, tsc, 4);
  i.setRegister(GPR.rdx, tsc.shr(32), 4);
}

/* RDPID — Read Processor ID. DEST := IA32_TSC_AUX. */
definitions.define('rdpid', { forms: ['r'], sizes: [8], dest: 'w' }, (i) => i.dest.write(i.cell('tscAux')));

/** The fractional part of the golden ratio. */
const GOLDEN = 0x9e3779b97f4a7c15n;

/** SplitMix64: the sequence is a counter that goes on by GOLDEN, each of its values mixed. */
function mixed(counter: Value): Value {
  const first = counter.xor(counter.shr(30)).mul(0xbf58476d1ce4e5b9n);
  const second = first.xor(first.shr(27)).mul(0x94d049bb133111ebn);
  return second.xor(second.shr(31));
}

/*
 * RDRAND, RDSEED — Read Random Number. CF := 1, the other status flags 0. The number is always the same, unless the
 * machine was given a seed: then it is the next of the CPU's sequence.
 */
for (const name of ['rdrand', 'rdseed']) {
  definitions.define(name, { forms: ['r'], sizes: [2, 4, 8], dest: 'w' }, (i) => {
    const last = i.cell('random');
    const next = last.add(GOLDEN);
    i.dest.write(last.choose(mixed(next), GOLDEN));
    i.setCell('random', last.choose(next, 0));
    setStatusFlags(i, i.constant(1));
  });
}
