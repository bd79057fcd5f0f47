import {
  Code,
  CodeExt,
  CodeSize,
  CpuidFeature,
  Decoder,
  DecoderOptions,
  Encoder,
  Instruction,
  Mnemonic,
  OpCodeOperandKind,
  Register,
} from 'iced-x86';

/** Register operands of which an instruction may take some and not others. */
const VARIED = new Set(['segment', 'control', 'debug']);
const BR16 = new Set([OpCodeOperandKind.br16_1, OpCodeOperandKind.br16_2]);

/**
 * Every encoding (iced-x86's `Code`) of 64-bit mode, in iced-x86's order, as {code, mnemonic, features, state,
 * samples}: `state` is `implemented` when whatever it takes has a handler, `partly` when only some registers or operand
 * kinds have; `samples` are the bytes of an instruction for each of these.
 * @param project the parts of the project that are asked: {decode, HANDLERS, slotsOf, sampleInstruction, registersOf}
 */
export function survey(project) {
  const known = new Set(project.HANDLERS.map(({ key }) => key));
  const encoder = new Encoder(64);
  const encodings = [];
  for (const code of Object.values(Code).filter((value) => typeof value === 'number')) {
    const info = CodeExt.opCode(code);
    // What the decoder reads only when asked to (MPX, Cyrix' instructions, AMD's 16-bit near branches) does not count.
    const isRead = info.decoderOption === DecoderOptions.None && !operandKinds(info).some((kind) => BR16.has(kind));
    if (info.mode64 && info.isInstruction && isRead) {
      const bytes = samples(info, project).map((sample) => encode(sample, encoder));
      const state = stateOf(bytes.map((sample) => isImplemented(sample, code, known, project)));
      const mnemonic = Mnemonic[info.mnemonic].toLowerCase();
      if (state !== undefined) {
        encodings.push({ code: Code[code], mnemonic, features: features(code), state, samples: bytes });
      }
    }
    info.free();
  }
  encoder.free();
  return encodings;
}

/**
 * Undefined for an encoding that decodes to something else: FSTCW, which is WAIT and FNSTCW, or with 66 a near branch.
 */
function stateOf(samples) {
  const implemented = samples.filter((sample) => sample !== undefined);
  if (implemented.length === 0) return samples.length === 0 ? 'unsupported' : undefined;
  if (implemented.every((sample) => sample)) return 'implemented';
  return implemented.includes(true) ? 'partly' : 'unsupported';
}

function features(code) {
  const instruction = new Instruction();
  instruction.code = code;
  const names = Array.from(instruction.cpuidFeatures(), (feature) => CpuidFeature[feature]);
  instruction.free();
  return names.join(' + ');
}

const operandKinds = (info) => Array.from({ length: info.opCount }, (_, i) => info.opKind(i));

/** One instruction for each shape (register or memory) and each register that may have a meaning of its own. */
function samples(info, { slotsOf, sampleInstruction, registersOf }) {
  const columns = operandKinds(info).map(slotsOf);
  // EVEX and far branches: the assembler has no operands for them, nor has the interpreter instructions.
  if (columns.includes(undefined)) return [];
  const width = Math.max(1, ...columns.map((slots) => slots.length));
  const shapes = Array.from({ length: width }, (_, i) => columns.map((slots) => slots[Math.min(i, slots.length - 1)]));
  const sampleOf = (slots) => {
    const sample = sampleInstruction(info.code, slots);
    if (info.requireOpMaskRegister) sample.opMask = Register.K1;
    return sample;
  };
  return shapes.flatMap((slots) => {
    const at = slots.findIndex((slot) => slot.kind === 'register' && VARIED.has(slot.encodes));
    if (at < 0) return [sampleOf(slots)];
    return registersOf(slots[at].encodes).map((register) => {
      const sample = sampleOf(slots);
      sample.setOpRegister(at, register);
      return sample;
    });
  });
}

/** Undefined for a register that the encoding cannot have (`mov %eax,%cs`, %cr1). */
function isImplemented(bytes, wanted, known, { decode }) {
  const decoded = decode(bytes);
  if (decoded.kind !== 'instruction' || codeOf(bytes) !== wanted) return undefined;
  return known.has(decoded.handler);
}

function encode(sample, encoder) {
  sample.codeSize = CodeSize.Code64;
  try {
    encoder.encode(sample, 0n);
  } catch {
    // MOVDIR64B and its like with a 32-bit register want a 32-bit address.
    encoder.takeBuffer();
    sample.memoryBase = Register.EDX;
    encoder.encode(sample, 0n);
  }
  sample.free();
  return encoder.takeBuffer();
}

function codeOf(bytes) {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const instruction = decoder.decode();
  const { code } = instruction;
  instruction.free();
  decoder.free();
  return code;
}
