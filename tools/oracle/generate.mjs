import { arrange } from './arrangements.mjs';
import { flagsWhere } from './conditions.mjs';
import { encode } from './encodings.mjs';
import { exclusion, undefinedFlags } from './exclusions.mjs';
import { recordedForms } from './forms.mjs';
import { invalidTests } from './invalid.mjs';
import { CODE, GPR_NAMES, MachineState, RSP } from './machine-state.mjs';
import { placeMemory } from './place-memory.mjs';
import { Random } from './random.mjs';
import { arrangeStack, usesStack } from './stack.mjs';
import { arrangeString } from './strings.mjs';

const REP = 0xf3;
const REPNE = 0xf2;
const TRIES = 2000;

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

/** One attempt at a test: undefined when something about it does not fit. */
function attempt(form, slot, random) {
  const wish = wishes(form, slot, random);
  let decoded = encode(form, wish, CODE, random);
  const state = new MachineState(random);
  const pinned = new Set();
  const setup = { decoded, state, random, pinned, memoryValue: undefined };
  fillRegisters(decoded, state, random);
  if (decoded.condition !== undefined) state.rflags = flagsWhere(decoded.condition, wish.holds, state.rflags, random);
  if (usesStack(decoded)) arrangeStack(decoded, state, pinned, random);
  arrange(setup);
  if (form.file === 'string') arrangeString(decoded, state, random);
  else if (decoded.memory && decoded.accessesMemory) decoded = placeMemory(setup);
  if (decoded === undefined || exclusion(decoded, state) !== undefined) return undefined;
  return test(form, decoded, state);
}

function test(form, decoded, state) {
  const initial = { rip: decoded.rip.toString(16), rflags: state.rflags.toString(16) };
  GPR_NAMES.forEach((name, i) => {
    if (state.registers[i] !== 0n) initial[name] = state.registers[i].toString(16);
  });
  initial.ram = state.ram();
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

function testsOf(form, seed) {
  const random = new Random(`${seed} ${form.name}`);
  const tests = [];
  for (let slot = 0; slot < form.count; slot++) {
    let found;
    for (let i = 0; found === undefined && i < TRIES; i++) found = attempt(form, slot, random);
    if (found === undefined) throw new Error(`no test found for ${form.name}`);
    tests.push(found);
  }
  return tests;
}

/** All tests, without their ends, in a fixed order. */
export function generateTests(seed) {
  return [...recordedForms().flatMap((form) => testsOf(form, seed)), ...invalidTests(seed)];
}
