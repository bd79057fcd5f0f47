import { SHIFT_COUNTS } from './encodings.mjs';
import { farPointer, hasFarPointer, nullSelector } from './far.mjs';
import { RAX, RCX, RDX, u64 } from './machine-state.mjs';
import { codeTarget } from './targets.mjs';

/**
 * Preparations that a mnemonic needs to be worth recording: they run after the registers got values and before the
 * memory operand is placed. `setup` is {decoded, state, random, pinned, memoryValue}: registers put in `pinned` are not
 * used to aim the memory operand; `memoryValue` is what the memory operand will hold.
 */

const LOOP_COUNTS = [0n, 1n, 1n, 2n, 2n, 0x1_0000_0000n, 0x1_0000_0001n, 0xffff_ffffn, 0x8000_0000_0000_0001n];

function shiftCount({ decoded, state, random }) {
  if (decoded.name.endsWith('_CL')) state.setLow(RCX, 1, BigInt(random.pick(SHIFT_COUNTS)));
}

/** Sets the operand that `dest` or the single operand of a unary instruction names. */
function setOperand(setup, i, size, value) {
  const operand = setup.decoded.operands[i];
  if (operand.memory) setup.memoryValue = BigInt.asUintN(8 * size, value);
  else if (operand.xmm !== undefined) setup.state.xmm[operand.xmm] = value;
  else setup.state.setOperand(operand.register, value);
}

const operandSize = (decoded, i) => decoded.operands[i].register?.size ?? decoded.memory.size;

/** A dividend whose quotient fits, mostly: divisor * quotient + remainder. */
function division(setup) {
  const { decoded, state, random, pinned } = setup;
  pinned.add(RAX).add(RDX);
  const size = operandSize(decoded, 0);
  const bits = 8 * size;
  const signed = decoded.mnemonic === 'Idiv';
  const read = (value) => (signed ? BigInt.asIntN(bits, value) : value);
  const divisor = read(random.value(bits));
  setOperand(setup, 0, size, divisor);
  if (divisor === 0n || random.chance(0.2)) return;
  const quotient = read(random.value(bits));
  const magnitude = divisor < 0n ? -divisor : divisor;
  const product = divisor * quotient;
  const remainder = random.bits(bits) % magnitude;
  const dividend = product + (product < 0n ? -remainder : remainder);
  if (size === 1) {
    state.setLow(RAX, 2, dividend);
    return;
  }
  state.setLow(RAX, size, dividend);
  state.setLow(RDX, size, dividend >> BigInt(bits));
}

function compareExchange(setup) {
  const { decoded, state, random, pinned } = setup;
  const size = operandSize(decoded, 0);
  if (random.chance(0.8)) pinned.add(RAX);
  if (random.chance(0.5)) setOperand(setup, 0, size, state.getLow(RAX, size));
}

function compareExchangePair(setup) {
  const { decoded, state, random, pinned } = setup;
  const half = decoded.memory.size / 2;
  pinned.add(RAX).add(RDX);
  const pair = (state.getLow(RDX, half) << BigInt(8 * half)) | state.getLow(RAX, half);
  const near = pair ^ (1n << BigInt(random.below(16 * half)));
  setup.memoryValue = random.pick([pair, pair, near, random.bits(8 * half)]);
}

/** BT family with a register: a signed bit offset, near enough to stay within the mapped data. */
function bitOffset({ decoded, state, random, pinned }) {
  const offset = decoded.operands[1].register;
  if (decoded.memory === undefined || offset === undefined) return;
  pinned.add(offset.number);
  state.setLow(offset.number, offset.size, BigInt(random.pick([random.below(64), random.between(-700, 700)])));
}

function nonzeroSource(setup) {
  const { decoded, random } = setup;
  const size = operandSize(decoded, 0);
  setOperand(setup, 1, size, random.value(8 * size) || 1n << BigInt(random.below(8 * size)));
}

function loopCount({ state, random }) {
  state.registers[RCX] = random.pick(LOOP_COUNTS);
}

function indirectTarget(setup) {
  if (setup.decoded.operands[0]?.memory || setup.decoded.operands[0]?.register) {
    setOperand(setup, 0, 8, codeTarget(setup.random));
  }
}

function accumulatorFlags({ state, random }) {
  state.setLow(RAX, 2, random.bits(16));
}

/** The control of BEXTR (start, length), the index of BZHI, the count of SARX, SHLX and SHRX. */
function lastRegister({ decoded, state, random, pinned }) {
  const { number } = decoded.operands[2].register;
  pinned.add(number);
  state.setLow(number, 2, (BigInt(random.pick(SHIFT_COUNTS)) << 8n) | BigInt(random.pick(SHIFT_COUNTS)));
}

function translate({ state, random, pinned }) {
  state.setLow(RAX, 1, random.value(8));
  pinned.add(RAX);
}

/** A packed shift by a register: 64 bits count, those above them do not. */
function packedShiftCount(setup) {
  const { decoded, random } = setup;
  if (decoded.operands[1].immediate !== undefined) return;
  const far = [1n << 8n, 1n << 16n, 1n << 32n, 1n << 63n, (1n << 64n) - 1n];
  const count = random.chance(0.8) ? BigInt(random.pick(SHIFT_COUNTS)) : random.pick(far);
  const above = random.chance(0.5) ? random.bits(64) : 0n;
  setOperand(setup, 1, 16, (above << 64n) | count);
}

/** RDFSBASE and its like. */
function segmentBase({ decoded, state, random }) {
  const { register } = decoded.operands[0];
  state.bases.fs = canonical(random);
  state.bases.gs = canonical(random);
  const writes = decoded.mnemonic.startsWith('Wr');
  if (writes && register.size === 8 && random.chance(0.85)) state.registers[register.number] = canonical(random);
}

const canonical = (random) => u64(BigInt.asIntN(48, random.value(random.pick([32, 47, 48, 64]))));

/** The selector that the last operand is; what stands above it in a wider register is ignored. */
function selectorOperand(setup) {
  const { decoded, random } = setup;
  const i = decoded.operands.length - 1;
  if (decoded.operands[i].segment !== undefined) return;
  const size = decoded.operands[i].register?.size ?? 2;
  setOperand(setup, i, size, (random.bits(8 * size) & ~0xffffn) | nullSelector(random));
}

const ARRANGEMENTS = [
  [/^(Shl|Sal|Shr|Sar|Rol|Ror|Rcl|Rcr|Shld|Shrd)$/, shiftCount],
  [/^I?div$/i, division],
  [/^Cmpxchg$/, compareExchange],
  [/^Cmpxchg(8|16)b$/, compareExchangePair],
  [/^(Bextr|Bzhi|Sarx|Shlx|Shrx)$/, lastRegister],
  [/^Bt[src]?$/, bitOffset],
  [/^Bs[fr]$/, nonzeroSource],
  [/^(Loop|Loope|Loopne|Jecxz|Jrcxz)$/, loopCount],
  [/^(Jmp|Call)$/, indirectTarget],
  [/^(Lahf|Sahf)$/, accumulatorFlags],
  [/^Xlatb$/, translate],
  [/^Ps([lr]l|ra)[wdq]$/, packedShiftCount],
  [/^(Rd|Wr)[fg]sbase$/, segmentBase],
  [/^(Ver[rw]|Lar|Lsl)$/, selectorOperand],
];

export function arrange(setup) {
  for (const [pattern, arrangement] of ARRANGEMENTS) if (pattern.test(setup.decoded.mnemonic)) arrangement(setup);
  if (/^Mov_Sreg_/.test(setup.decoded.name)) selectorOperand(setup);
  if (hasFarPointer(setup.decoded)) farPointer(setup);
}

/** The address of the bytes that BT, BTS, BTR or BTC accesses for a register bit offset. */
export function bitAddress(decoded, state, address) {
  const { number, size } = decoded.operands[1].register;
  const offset = BigInt.asIntN(8 * size, state.registers[number]);
  return u64(address + (offset >> BigInt(Math.log2(8 * size))) * BigInt(size));
}
