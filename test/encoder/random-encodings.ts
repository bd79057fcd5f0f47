import { type Code, CodeExt, CodeSize, DecoderOptions, Encoder, EncodingKind, Instruction, Register } from 'iced-x86';
import { type Address, fillOperand, type OperandValue } from '../../src/encoder/assembler/fill-operand.js';
import { allCodes, shapesOf } from '../../src/encoder/assembler/instruction-forms.js';
import { isOnlyOfEvex, type RegisterFile, registersOf } from '../../src/encoder/assembler/registers.js';
import type { Slot } from '../../src/encoder/assembler/slot.js';
import { Random } from '../cpu/random.js';

/** One encoding with registers or with memory. */
export interface Shape {
  readonly code: Code;
  readonly slots: readonly Slot[];
}

const kinds: ReadonlySet<EncodingKind> = new Set([EncodingKind.Legacy, EncodingKind.VEX, EncodingKind.XOP]);

/** All encodings of 64-bit mode that can be assembled at all, as far as iced can encode and reads them. */
export function allShapes(): Shape[] {
  return allCodes().flatMap((code) => {
    const info = CodeExt.opCode(code);
    const exists = info.mode64 && info.isInstruction && info.decoderOption === DecoderOptions.None;
    const shapes = exists && kinds.has(info.encoding) ? shapesOf(info).map((slots) => ({ code, slots })) : [];
    info.free();
    return shapes;
  });
}

/** Makes random instructions of given encodings; the same ones from the same seed. */
export class RandomEncodings {
  readonly #random: Random;
  readonly #encoder = new Encoder(64);
  readonly #address: bigint;

  /** @param address where the instructions are. */
  constructor(seed: number, address: bigint) {
    this.#random = new Random(seed);
    this.#address = address;
  }

  /** The bytes of an instruction with random operands, as short as the encoding allows; nothing when there is none. */
  next({ code, slots }: Shape): Uint8Array | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const instruction = new Instruction();
      try {
        instruction.code = code;
        instruction.codeSize = CodeSize.Code64;
        for (const [index, slot] of slots.entries()) fillOperand(instruction, index, slot, this.#value(slot));
        this.#encoder.encode(instruction, this.#address);
        return this.#encoder.takeBuffer();
      } catch {
        // %ah with REX, %cr1: other registers may do.
        this.#encoder.takeBuffer();
      } finally {
        instruction.free();
      }
    }
    return undefined;
  }

  #value(slot: Slot): OperandValue {
    switch (slot.kind) {
      case 'register':
        return { register: this.#register(slot.encodes) };
      case 'immediate':
        return { number: this.#number(slot.bits, slot.extendedTo) };
      case 'branch':
        return { number: this.#address + BigInt(this.#random.below(slot.bits === 8 ? 100 : 1 << 30)) };
      case 'memory':
        return {
          address: this.#memory(
            this.#random.oneIn(8) ? this.#narrowPair() : [this.#wide(), this.#maybe(this.#index())],
          ),
        };
      case 'vector memory':
        return { address: this.#memory([this.#wide(), this.#register(slot.index)]) };
      case 'absolute':
        return { address: { ...nowhere, displacement: this.#random.u64() } };
      default:
        return {};
    }
  }

  #register(file: RegisterFile): Register {
    const registers = registersOf(file).filter((register) => !isOnlyOfEvex(register));
    return registers[this.#random.below(registers.length)] ?? Register.None;
  }

  /** Sign-extended as far as it is used; small ones too, and the limits of a byte. */
  #number(bits: number, extendedTo: number): bigint {
    const any = this.#random.u64();
    const values = [any, any & 0x7fn, BigInt.asIntN(8, any), 0x7fn, 0x80n, -0x80n];
    const value = BigInt.asIntN(bits, values[this.#random.below(values.length)] ?? any);
    return extendedTo === 0 ? BigInt.asUintN(bits, value) : BigInt.asUintN(64, value);
  }

  #wide(): Register {
    return this.#random.oneIn(12) ? Register.RIP : (this.#maybe(this.#register('gpr64')) ?? Register.None);
  }

  /** Base and index of a 32-bit address. */
  #narrowPair(): [base: Register, index: Register] {
    if (this.#random.oneIn(12)) return [Register.EIP, Register.None];
    const index = this.#register('gpr32');
    return [this.#register('gpr32'), index === Register.ESP || this.#random.oneIn(3) ? Register.None : index];
  }

  #index(): Register {
    const register = this.#register('gpr64');
    return register === Register.RSP ? Register.None : register;
  }

  #maybe(register: Register): Register {
    return this.#random.oneIn(3) ? Register.None : register;
  }

  #memory([base, index]: readonly [Register, Register]): Address {
    const isRelative = base === Register.RIP || base === Register.EIP;
    const place = base === Register.EIP ? BigInt.asUintN(32, this.#address) : this.#address;
    const displacement = isRelative ? place + 0x1234n : this.#displacement(base);
    return {
      segment: this.#random.oneIn(8) ? Register.GS : Register.None,
      base,
      index: isRelative ? Register.None : index,
      scale: index === Register.None || isRelative ? 1 : 1 << this.#random.below(4),
      displacement: BigInt.asUintN(64, displacement),
      displacementSize: displacementSize(base, displacement),
    };
  }

  #displacement(base: Register): bigint {
    const any = BigInt.asIntN(32, this.#random.u64());
    const values = [0n, BigInt.asIntN(8, any), any, 0x7fn, 0x80n, -0x80n, -0x81n];
    const value = values[this.#random.below(values.length)] ?? any;
    // A sign-extended address would be another one in 32 bits.
    return base === Register.None ? BigInt.asUintN(31, value) : value;
  }
}

const nowhere: Address = {
  segment: Register.None,
  base: Register.None,
  index: Register.None,
  scale: 1,
  displacement: 0n,
  displacementSize: 8,
};

function displacementSize(base: Register, displacement: bigint): number {
  if (base === Register.EIP) return 4;
  if (base === Register.None || base === Register.RIP) return 8;
  if (displacement === 0n) return 0;
  return BigInt.asIntN(8, displacement) === displacement ? 1 : 8;
}
