import { arrange } from './arrangements.mjs';
import { flagsWhere } from './conditions.mjs';
import { encode } from './encodings.mjs';
import { exclusion, undefinedFlags } from './exclusions.mjs';
import { recordedForms } from './forms.mjs';
import { invalidTests } from './invalid.mjs';
import { CODE, DATA, MachineState, RSP, u64 } from './machine-state.mjs';
import { arrangeMaskedStore } from './masked-store.mjs';
import { placeMemory } from './place-memory.mjs';
import { programTests } from './programs.mjs';
import { Random } from './random.mjs';
import { arrangeStack, usesStack } from './stack.mjs';
import { arrangeString } from './strings.mjs';

const REP = 0xf3;
const REPNE = 0xf2;
const ADDRESS_SIZE = 0x67;
const TRIES = 2000;
const PROGRAMS = 600;
/** In a sample, one test in so many is a program. */
const PROGRAM_SHARE = 40;
/** A multiple of the periods of wishes. */
const SLOTS = 12;

/** What the `slot`th test of a form should be like. */
function wishes(form, slot, random) {
  const memory = form.canBeMemory && (!form.canBeRegister || slot % 2 === 1);
  const repeats = /^(Cmps|Scas)/.test(form.name) ? [undefined, REP, REPNE] : [undefined, REP, REP];
  return {
    memory,
    lock: memory && form.lockable && (form.file === 'lock' ? random.chance(0.5) : slot % 4 === 3),
    rep: form.file === 'string' ? repeats[slot % 3] : undefined,
    /** Jcc, CMOVcc, SETcc, LOOPcc: whether the condition is true. */
    holds: (slot >> 1) % 2 === 1,
  };
}

/** Values for the registers that the instruction uses, at the width of its operands. */
function fillRegisters(decoded, state, random) {
  const size = decoded.operands.find((operand) => operand.register)?.register.size ?? decoded.memory?.size ?? 8;
  const implicitStack = usesStack(decoded);
  for (const number of decoded.usedRegisters) {
    if (number === RSP && implicitStack) continue;
    state.registers[number] = random.value(64);
    if (size < 8 && random.chance(0.8)) state.setLow(number, size, random.value(8 * size));
  }
  for (const { register } of decoded.operands) {
    if (register && !(register.number === RSP && implicitStack))
      state.setOperand(register, random.value(8 * register.size));
  }
}

/** Values for the vector registers that the instruction uses, and one that it does not. */
function fillVectors(decoded, state, random) {
  if (decoded.usedXmm.length === 0) return;
  for (const n of [...decoded.usedXmm, random.below(16)]) state.xmm[n] = random.lanes(128);
}

/** Where FS or GS begins, when the memory operand is there: also below 0, unless an address of 32 bits must reach. */
function placeSegment({ basedSegment, prefixes }, state, random) {
  if (basedSegment === undefined) return;
  const near = random.value(28);
  const bases = [0n, near, near];
  if (!prefixes.includes(ADDRESS_SIZE))
    bases.push(DATA + near, u64(-near), 0x7fff_ffff_f000n - near, 0xffff_8000_0000_0000n + near);
  state.bases[basedSegment] = random.pick(bases);
}

/** One attempt at a test: undefined when something about it does not fit. */
function attempt(form, slot, random) {
  const wish = wishes(form, slot, random);
  let decoded = encode(form, wish, CODE, random);
  const state = new MachineState(random);
  const pinned = new Set();
  const setup = { decoded, state, random, pinned, memoryValue: undefined };
  fillRegisters(decoded, state, random);
  fillVectors(decoded, state, random);
  placeSegment(decoded, state, random);
  if (decoded.condition !== undefined) state.rflags = flagsWhere(decoded.condition, wish.holds, state.rflags, random);
  if (usesStack(decoded)) arrangeStack(decoded, state, pinned, random);
  arrange(setup);
  if (form.file === 'string') arrangeString(decoded, state, random);
  else if (decoded.mnemonic === 'Maskmovdqu') arrangeMaskedStore(setup);
  else if (decoded.memory && decoded.accessesMemory) decoded = placeMemory(setup);
  if (decoded === undefined || exclusion(decoded, state) !== undefined) return undefined;
  return test(form, decoded, state);
}

function test(form, decoded, state) {
  const initial = { rip: decoded.rip.toString(16), ...state.fields(), ram: state.ram() };
  const repeated = form.file === 'string' && decoded.rep;
  return {
    file: form.file,
    mnemonic: decoded.mnemonic,
    mode: repeated || /^Pushf/.test(decoded.mnemonic) ? 'b' : 's',
    branches: form.branch || form.bnd,
    repeated,
    name: `${decoded.mnemonic.toLowerCase()}:${decoded.name}`,
    bytes: Buffer.from(decoded.bytes).toString('hex'),
    undefined: undefinedFlags(decoded, state),
    initial,
  };
}

/** @param count {from, tests}: how many tests, and the number of the first one, which decides what it is like */
function testsOf(form, seed, { from, tests: wanted }) {
  const random = new Random(`${seed} ${form.name}`);
  const tests = [];
  for (let slot = from; slot < from + wanted; slot++) {
    let found;
    for (let i = 0; found === undefined && i < TRIES; i++) found = attempt(form, slot, random);
    if (found === undefined) throw new Error(`no test found for ${form.name}`);
    tests.push(found);
  }
  return tests;
}

/** All tests that are committed, without their ends, in a fixed order. */
export function generateTests(seed) {
  const single = recordedForms().flatMap((form) => testsOf(form, seed, { from: 0, tests: form.count }));
  return [...single, ...invalidTests(seed), ...programTests(seed, PROGRAMS, recordedForms())];
}

/**
 * So many tests, programs among them: as many of each form as it has a share in those that are committed.
 * @param runs whether the CPU has a form
 */
export function sampleTests(seed, count, runs = () => true) {
  const programs = Math.ceil(count / PROGRAM_SHARE);
  const forms = recordedForms().filter(runs);
  const all = forms.reduce((sum, form) => sum + form.count, 0);
  const random = new Random(`${seed} sample`);
  const before = (sum) => Math.floor(((count - programs) * sum) / all);
  let sum = 0;
  const single = forms.flatMap((form) => {
    const tests = before(sum + form.count) - before(sum);
    sum += form.count;
    return testsOf(form, seed, { from: random.below(SLOTS), tests });
  });
  return [...single, ...programTests(seed, programs, forms)];
}
