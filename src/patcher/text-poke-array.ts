import { InputError } from '../input-error.js';
import type { Patch } from '../machine/patch.js';
import type { StepContext } from '../machine/step-context.js';
import { emulationOf } from './emulated-insn.js';
import type { KernelData } from './kernel-data.js';
import { perCpuRefs, type TextPokeRefs, type TextPokeRefsForm } from './text-poke-refs.js';

/** TEXT_POKE_ARRAY_MAX (TP_VEC_MAX): a page of entries. */
export const TEXT_POKE_ARRAY_MAX = 256;

/**
 * struct smp_text_poke_loc (text_poke_loc), 16 bytes: where each field lies.
 *
 * "crazy scheme to allow patching Jcc.d32 but not increase the size": with len 6 the text begins at the second byte.
 */
const LOC = { relAddr: 0n, disp: 4n, len: 8n, opcode: 9n, text: 10n, old: 15n, size: 16n } as const;

/** Bytes of the array. */
export const TEXT_POKE_ARRAY_SIZE = Number(LOC.size) * TEXT_POKE_ARRAY_MAX;

/** `_stext`: addresses of entries are relative to it, in 32 bits. */
const STEXT = 0xffffffff81000000n;

/**
 * Checks that an entry of the array can hold a patch.
 * @throws {@link InputError} for an instruction that cannot be emulated, or a site that 32 bits do not reach.
 */
export function requirePatchable(patch: Patch): void {
  emulationOf(patch);
  const distance = BigInt.asIntN(64, patch.address - STEXT);
  if (BigInt.asIntN(32, distance) === distance) return;
  throw new InputError(
    `site ${patch.site} at 0x${patch.address.toString(16)} is more than 2 GiB from _stext at 0x${STEXT.toString(16)}`,
    { hint: 'entries of text_poke_array hold 32-bit distances: place the text nearer to it' },
  );
}

/** A field of an entry, as the patcher and the int3 handler read it. */
export interface TextPokeLoc {
  readonly address: bigint;
  readonly len: bigint;
  readonly text: bigint;
}

/** An array of struct smp_text_poke_loc in simulated memory, sorted by address. */
export class TextPokeLocs {
  /** @param base where it begins; may be a load */
  constructor(private readonly base: (c: StepContext) => bigint) {}

  private entry(c: StepContext, index: bigint): bigint {
    return this.base(c) + LOC.size * index;
  }

  /** Fills entry `index`: what __smp_text_poke_batch_add does. */
  write(c: StepContext, index: bigint, patch: Patch): void {
    const at = this.entry(c, index);
    const { opcode, disp } = emulationOf(patch);
    const text = patch.bytes.length === 6 ? patch.bytes.slice(1) : patch.bytes;
    c.store(at + LOC.relAddr, patch.address - STEXT, 4);
    c.store(at + LOC.disp, BigInt(disp), 4);
    c.store(at + LOC.len, BigInt(patch.bytes.length), 1);
    c.store(at + LOC.opcode, BigInt(opcode), 1);
    text.forEach((byte, i) => {
      c.store(at + LOC.text + BigInt(i), BigInt(byte), 1);
    });
  }

  /** text_poke_addr(): the site of an entry. */
  address(c: StepContext, index: bigint): bigint {
    return BigInt.asUintN(64, STEXT + BigInt.asIntN(32, c.load(this.entry(c, index) + LOC.relAddr, 4)));
  }

  len(c: StepContext, index: bigint): bigint {
    return c.load(this.entry(c, index) + LOC.len, 1);
  }

  opcode(c: StepContext, index: bigint): bigint {
    return c.load(this.entry(c, index) + LOC.opcode, 1);
  }

  disp(c: StepContext, index: bigint): bigint {
    return BigInt.asIntN(32, c.load(this.entry(c, index) + LOC.disp, 4));
  }

  /** The first byte of the new instruction: text[0], or 0F where the text begins at the second byte. */
  firstByte(c: StepContext, index: bigint): bigint {
    return this.len(c, index) === 6n ? 0x0fn : c.load(this.entry(c, index) + LOC.text, 1);
  }

  /** The bytes after the first one, packed. */
  tail(c: StepContext, index: bigint): bigint {
    const from = this.len(c, index) === 6n ? 0n : 1n;
    return (
      c.load(this.entry(c, index) + LOC.text + from, 4) |
      (from === 0n ? c.load(this.entry(c, index) + LOC.text + 4n, 1) << 32n : 0n)
    );
  }

  /** entry.old = the byte that INT3 replaces. */
  saveOld(c: StepContext, index: bigint): void {
    const [byte = 0] = c.host.text(this.address(c, index), 1);
    c.store(this.entry(c, index) + LOC.old, BigInt(byte), 1);
  }
}

/** The array that a patcher fills and int3 handlers search: struct text_poke_array, or tp_vec with bp_desc. */
export class TextPokeArray extends TextPokeLocs {
  readonly refs: TextPokeRefs;
  /** As an int3 handler that holds a reference finds it. */
  readonly found: TextPokeLocs;

  constructor(data: KernelData, cpus: number, form: TextPokeRefsForm = perCpuRefs) {
    const refs = form(data, cpus, TEXT_POKE_ARRAY_SIZE);
    super(() => refs.vec);
    this.refs = refs;
    this.found = new TextPokeLocs(refs.found.vec);
  }

  get vec(): bigint {
    return this.refs.vec;
  }

  get nrEntries(): bigint {
    return this.refs.nrEntries;
  }
}
