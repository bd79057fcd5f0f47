import { encode } from './encodings.mjs';
import { recordedForms } from './forms.mjs';
import { CODE, MachineState } from './machine-state.mjs';
import { Random } from './random.mjs';

/** Byte sequences that are no instruction in 64-bit mode, with what each is: #UD. */
const UNDEFINED = [
  [
    'lock on a register destination',
    'f001d8 f04883c001 f0ffc0 f00fc1c8 f00fb1d1 f087d9 f0f7d8 f00fb3c8 f0480fbae805 f0440fc1c0',
  ],
  [
    'lock on an instruction that cannot be locked',
    'f090 f08b0424 f0890424 f0390424 f0850424 f0ff3424 f08d0424 f0a4 f0c3 f00fa30424',
  ],
  ['lock on a shift or multiplication', 'f0d12424 f0c1242404 f0f72424 f00faf0424 f0f7f1 f0480fc8'],
  ['not encodable in 64-bit mode', '06 07 0e 16 17 1e 1f 27 2f 37 3f 60 61 820500 ce d40a d50a d6'],
  ['a far pointer in 64-bit mode', '9a00000000000000 ea00000000000000'],
  ['memory operand required', '8dc0 488dc8 0fc3c8 480fc3d9 0fc7c8 480fc7ca'],
  ['no such member of the group', 'fed0 fed8 ffff 0fbac005 0fbad005 c6c800 c7c800000000 0fc7c0'],
].flatMap(byEncoding);

/** The same of VEX-encoded instructions and other newer ones. */
const UNDEFINED_NEWER = [
  ['66, F2, F3, LOCK or REX in front of VEX', '66c4e270f2c0 f2c4e270f2c0 f3c4e270f2c0 f0c4e270f2c0 40c4e270f2c0'],
  ['LOCK in front of VEX, with memory', 'f0c4e270f20424 f0c4e270f30c24'],
  ['VEX.L is 1', 'c4e274f2c0 c4e274f3c8 c4e27ff0c0 c4e27ef7c0'],
  ['VEX.vvvv without a register', 'c4e373f0c004'],
  ['no such opcode or member of the group', 'c4e270f3c0 c4e270f3e0 c4e271f2c0'],
  ['memory operand required', '0f38f0c0 0f38f1c0 480f38f1c8'],
  [
    'lock on an instruction that cannot be locked',
    'f00f38f00424 f00f38f10424 f0f20f38f10424 f0660f38f60424 f0f30f38f60424 f0f30fb80424 f00fc30424 f0c8000000 f0d7 f09f',
  ],
].flatMap(byEncoding);

function byEncoding([why, list]) {
  return list.split(' ').map((bytes) => ({ why, bytes }));
}

/** Longer than 15 bytes: #GP(0) (SDM Vol. 2A, 2.3.11; AMD APM Vol. 3, 1.1). */
const TOO_LONG = [`${'66'.repeat(15)}90`, `${'2e'.repeat(14)}01d8`, `${'66'.repeat(9)}48b80123456789abcdef`];

/** MOV of CR0 with LOCK is CR8 for AMD. This CPU executes LOCK VERW of memory, where SDM and APM (LOCK) have #UD. */
const LOCK_MEANS_MORE = /_cr|^Verw_/;

/** LOCK in front of every form that does not allow it, or not with a register as its destination. */
function lockedTests(random) {
  const forms = recordedForms().filter(({ name }) => !LOCK_MEANS_MORE.test(name));
  return forms.flatMap((form) => {
    const memory = form.canBeMemory && (!form.canBeRegister || (!form.lockable && random.chance(0.5)));
    if (memory && form.lockable) return [];
    const { bytes } = encode(form, { memory, lock: false, rep: undefined }, CODE, random);
    return bytes.length < 15 ? [['invalid', Buffer.from([0xf0, ...bytes]).toString('hex')]] : [];
  });
}

/** Tests of byte sequences that fault instead of executing. */
export function invalidTests(seed) {
  const random = new Random(`${seed} invalid`);
  const invalid = ({ bytes }) => ['invalid', bytes];
  const tooLong = TOO_LONG.map((bytes) => ['too-long', bytes]);
  const all = [...UNDEFINED.map(invalid), ...tooLong, ...UNDEFINED_NEWER.map(invalid), ...lockedTests(random)];
  return all.map(([name, bytes]) => {
    const state = new MachineState(random);
    const initial = { rip: CODE.toString(16), ...state.fields(), ram: state.ram() };
    return { file: 'invalid', mode: 's', branches: true, name: `${name}:INVALID`, bytes, undefined: '0', initial };
  });
}
