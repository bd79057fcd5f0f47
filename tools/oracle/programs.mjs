import { decode } from './decoded.mjs';
import { encode, withDisplacement } from './encodings.mjs';
import { exclusion } from './exclusions.mjs';
import { CODE, DATA, MachineState, PAGE, RCX, RSP } from './machine-state.mjs';
import { UndefinedFlags } from './program-flags.mjs';
import { Random } from './random.mjs';

/** Registers that memory operands begin from; no instruction of the program writes them. */
const POINTERS = [3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const POINTER_COUNT = 4;
const JUMP_SIZE = 2;
const MOST_BYTES = 900;
const TRIES = 400;

/** How often instructions come from which file. */
const FILES = {
  ...{ move: 8, alu: 10, shift: 8, bit: 4, bmi: 5, muldiv: 3, stack: 2, flag: 3, lock: 4, segment: 1, system: 2 },
  ...{ 'sse-move': 5, 'sse-logic': 2, 'sse-arithmetic': 6, 'sse-shuffle': 4, 'sse-shift': 4 },
};

/**
 * What depends on values that are not known beforehand: undefined results, faults, addresses, selectors, flags that
 * trap; and what a program cannot come back from.
 */
const NOT_IN_PROGRAMS =
  /^(Bs[fr]|I?[Dd]iv|Sh[lr]d_rm16|Mov_Sreg|Pop(f|._.S)|Enter|Leave|Xlat|Maskmov|Wr[fg]s|Ver|Lar|Lsl|L[fgs]s)|_moffs/;

/** Forms that programs are made of, by file. */
function eligible(all) {
  const forms = all.filter(({ name }) => !NOT_IN_PROGRAMS.test(name));
  return Object.fromEntries(Object.keys(FILES).map((each) => [each, forms.filter(({ file }) => file === each)]));
}

/** Writes programs of 20 to 50 instructions, mostly without faults, with jumps ahead and a loop. */
class Writer {
  bytes = [];
  /** By address: flags that are undefined when the instruction there faults. */
  faultMasks = new Map();
  flags = new UndefinedFlags();
  state;
  showsTf = false;

  constructor(random, forms, conditional) {
    this.random = random;
    this.forms = forms;
    this.conditional = conditional;
    this.state = new MachineState(random);
    for (let i = 0; i < 16; i++) {
      this.state.registers[i] = random.value(64);
      this.state.xmm[i] = random.lanes(128);
    }
    this.state.bases = { fs: random.value(47), gs: random.value(47) };
    this.kept = new Set([RSP]);
    while (this.kept.size <= POINTER_COUNT) this.kept.add(random.pick(POINTERS));
    for (const pointer of this.kept) this.#aim(pointer);
  }

  /** A pointer to the middle of a page of its own, with random bytes around it. */
  #aim(pointer) {
    const { state, random } = this;
    const address = DATA + PAGE * BigInt(pointer % 8) + BigInt(64 * random.between(20, 40));
    state.registers[pointer] = address;
    for (let at = address - 160n; at < address + 160n; at += 16n) state.store(at, 16, random.lanes(128));
  }

  get rip() {
    return CODE + BigInt(this.bytes.length);
  }

  write(count) {
    for (let left = count; left > 0 && this.bytes.length < MOST_BYTES; left--) {
      if (left > 4 && this.random.chance(0.08)) this.#jump();
      else if (left > 6 && this.random.chance(0.02)) this.#loop();
      else this.#straight();
    }
  }

  /** A conditional jump over a few instructions. */
  #jump() {
    const opcode = this.#conditionalOpcode();
    if (opcode === undefined) return this.#straight();
    const at = this.bytes.length;
    const before = this.flags.mask;
    this.bytes.push(opcode, 0);
    const some = this.random.between(1, 4);
    for (let i = 0; i < some; i++) this.#straight();
    this.bytes[at + 1] = this.bytes.length - at - JUMP_SIZE;
    this.flags.join(before);
  }

  /** The short form of a Jcc whose flags are defined. */
  #conditionalOpcode() {
    const { readFlags, opcode } = this.random.pick(this.conditional);
    return this.flags.mayExecute({ readFlags }) ? opcode : undefined;
  }

  /** mov $n,%ecx; some instructions that leave RCX alone; loop */
  #loop() {
    const { random, kept } = this;
    if (kept.has(RCX)) return;
    this.bytes.push(0xb9, random.between(1, 5), 0, 0, 0);
    const head = this.bytes.length;
    kept.add(RCX);
    this.flags.forget();
    const some = random.between(1, 6);
    for (let i = 0; i < some; i++) this.#straight();
    kept.delete(RCX);
    this.bytes.push(0xe2, (head - this.bytes.length - JUMP_SIZE) & 0xff);
  }

  #straight() {
    for (let i = 0; i < TRIES; i++) {
      const decoded = this.#attempt();
      if (decoded === undefined) continue;
      this.faultMasks.set(this.rip, this.flags.duringFault(decoded));
      this.flags.execute(decoded);
      this.showsTf ||= /^Pushf/.test(decoded.mnemonic);
      this.bytes.push(...decoded.bytes);
      return;
    }
  }

  #attempt() {
    const { random, forms, flags, kept, state } = this;
    const form = random.pick(forms[random.weighted(FILES)]);
    const memory = form.canBeMemory && (!form.canBeRegister || random.chance(0.4));
    const lock = memory && form.lockable && random.chance(0.2);
    const decoded = encode(form, { memory, lock, rep: undefined }, this.rip, random);
    if (!flags.mayExecute(decoded) || exclusion(decoded, state) !== undefined) return undefined;
    const stack = decoded.stackIncrement !== 0;
    if (decoded.writtenRegisters.some((n) => kept.has(n) && !(stack && n === RSP && writesOnlyStack(decoded))))
      return undefined;
    return decoded.memory && decoded.accessesMemory ? this.#place(decoded) : decoded;
  }

  /** Memory operands are near a pointer: base and displacement alone. */
  #place(decoded) {
    const { random, kept } = this;
    const { base, index, displacementSize, relative, size, addressBits } = decoded.memory;
    const byOffset = /^Bt/.test(decoded.mnemonic) && decoded.operands[1].register !== undefined;
    if (relative || index !== undefined || !kept.has(base) || base === RCX || decoded.basedSegment || byOffset)
      return undefined;
    if (addressBits !== 64 && addressBits !== 32) return undefined;
    // A locked access must not go over two cache lines; RSP moves.
    const strict = decoded.locked || /^(Xchg|Cmpxchg16b)/.test(decoded.mnemonic);
    const aligned = strict || (size === 16 && random.chance(0.99)) || random.chance(0.5);
    if (base === RSP && aligned) return undefined;
    const offset = aligned ? 16 * random.between(-7, 6) : random.between(-112, 96);
    return displacementSize === 0 ? decoded : withDisplacement(decoded, BigInt(offset));
  }
}

/** PUSH and POP move RSP; PUSH of RSP and POP to it as well are left out. */
const writesOnlyStack = ({ operands }) => operands.every(({ register }) => register?.number !== RSP);

/** Short forms of Jcc. */
const conditionalJumps = () =>
  Array.from({ length: 16 }, (_, condition) => {
    const opcode = 0x70 + condition;
    return { opcode, readFlags: decode([opcode, 0], CODE).readFlags };
  });

function programTest(seed, i, forms, jumps) {
  const random = new Random(`${seed} program ${i}`);
  const writer = new Writer(random, forms, jumps);
  writer.write(random.between(20, 50));
  const { state, bytes } = writer;
  return {
    file: 'program',
    mode: 'b',
    program: true,
    showsTf: writer.showsTf,
    faultMasks: writer.faultMasks,
    name: `program:${i}`,
    bytes: Buffer.from(bytes).toString('hex'),
    undefined: writer.flags.mask.toString(16),
    initial: { rip: CODE.toString(16), ...state.fields(), ram: state.ram() },
  };
}

/** Programs made of some of `all` forms, without their ends, in a fixed order. */
export function programTests(seed, count, all) {
  const [forms, jumps] = [eligible(all), conditionalJumps()];
  return Array.from({ length: count }, (_, i) => programTest(seed, i, forms, jumps));
}
