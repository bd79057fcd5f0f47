import { Code, Decoder, DecoderOptions, Instruction, Mnemonic, RflagsBits } from './iced.js';

/** What the instruction tables say of an instruction, whether or not anything here executes it. */
export interface InstructionFacts {
  /** In lower case, as iced-x86 has it; `invalid` where no instruction begins. */
  readonly mnemonic: string;
  /** iced-x86's name of the form: `Add_rm64_r64`; `INVALID`. */
  readonly code: string;
  /** RFLAGS bits that it may leave undefined, and those that it changes in any way (the undefined ones among them). */
  readonly undefinedFlags: bigint;
  readonly modifiedFlags: bigint;
}

/** Places of flags in RFLAGS; iced-x86 numbers them in its own way. */
const FLAG_BITS: readonly (readonly [number, bigint])[] = [
  [RflagsBits.CF, 1n << 0n],
  [RflagsBits.PF, 1n << 2n],
  [RflagsBits.AF, 1n << 4n],
  [RflagsBits.ZF, 1n << 6n],
  [RflagsBits.SF, 1n << 7n],
  [RflagsBits.IF, 1n << 9n],
  [RflagsBits.DF, 1n << 10n],
  [RflagsBits.OF, 1n << 11n],
  [RflagsBits.AC, 1n << 18n],
];

const namesOf = (table: object): readonly string[] => Object.keys(table).filter((key) => Number.isNaN(Number(key)));
const MNEMONICS = namesOf(Mnemonic);
const CODES = namesOf(Code);

/** Looks up the first instruction of 64-bit code. */
export function instructionFacts(bytes: Uint8Array): InstructionFacts {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const instruction = new Instruction();
  try {
    if (bytes.length > 0) decoder.decodeOut(instruction);
    return {
      mnemonic: (MNEMONICS[instruction.mnemonic] ?? '').toLowerCase(),
      code: CODES[instruction.code] ?? '',
      undefinedFlags: rflagsOf(instruction.rflagsUndefined),
      modifiedFlags: rflagsOf(instruction.rflagsModified),
    };
  } finally {
    decoder.free();
    instruction.free();
  }
}

function rflagsOf(bits: number): bigint {
  return FLAG_BITS.reduce((mask, [bit, flag]) => ((bits & bit) === 0 ? mask : mask | flag), 0n);
}
