import { describe, expect, it } from 'vitest';
import { decode } from '../../src/cpu/decode.js';
import { AT, stepper } from './machine-with.js';
import { surveyed } from './survey.js';

const run = stepper();

/** SDM Vol. 3A, "Privileged Instructions", and what CPL > IOPL refuses; in the user these are #GP(0). */
const PRIVILEGED: ReadonlySet<string> = new Set([
  ...['hlt', 'clts', 'invd', 'wbinvd', 'wbnoinvd', 'invlpg', 'invpcid', 'lgdt', 'lidt', 'lldt', 'ltr', 'lmsw'],
  ...['rdmsr', 'wrmsr', 'wrmsrns', 'rdpmc', 'swapgs', 'sysret', 'sysretq'],
  ...['cli', 'sti', 'in', 'out', 'insb', 'insw', 'insd', 'outsb', 'outsw', 'outsd'],
]);
/** These are #UD in the user. */
const UNDEFINED: ReadonlySet<string> = new Set(['clac', 'stac', 'monitor', 'mwait']);

function handlerOf(bytes: Uint8Array): string {
  const decoded = decode(bytes);
  return decoded.kind === 'instruction' ? decoded.handler : decoded.kind;
}

describe('privilege', () => {
  const samples = surveyed
    .filter(({ state }) => state === 'implemented')
    .flatMap(({ code, mnemonic, samples }) => samples.map((bytes) => ({ code, mnemonic, bytes })))
    // Control registers that do not exist, and DR4 and DR5, which do not if CR4.DE is set.
    .filter(({ bytes }) => !/undefined| dr4/.test(handlerOf(bytes)));
  const isPrivileged = ({ code, mnemonic }: { code: string; mnemonic: string }): boolean =>
    PRIVILEGED.has(mnemonic) || /_(cr|dr)_|_(cr|dr)$/.test(code);

  it('is asked for before anything else, by every encoding of a privileged instruction', () => {
    const privileged = samples.filter(isPrivileged);
    for (const { code, bytes } of privileged) {
      const m = run({ code: Buffer.from(bytes).toString('hex'), cpl: 3, rdx: AT.data, rcx: AT.data });
      expect([code, m.exception, m.accesses]).toEqual([code, '#GP(0)', []]);
    }
    expect(new Set(privileged.map(({ mnemonic }) => mnemonic)).size).toBe(PRIVILEGED.size + 1);
  });

  it('makes other instructions #UD in the user', () => {
    for (const { code, bytes } of samples.filter(({ mnemonic }) => UNDEFINED.has(mnemonic))) {
      const m = run({ code: Buffer.from(bytes).toString('hex'), cpl: 3, rax: AT.data });
      expect([code, m.exception]).toEqual([code, '#UD']);
    }
  });

  it('is not asked for by any other instruction', () => {
    for (const { code, bytes } of samples.filter((one) => !isPrivileged(one) && !UNDEFINED.has(one.mnemonic))) {
      const end = (cpl: 0 | 3) => {
        const m = run({ code: Buffer.from(bytes).toString('hex'), cpl, iopl: 3, rdx: AT.data, rax: AT.data });
        return m.exception?.replace(/#PF\(([0-9]+)\)/, (_, error) => `#PF(${Number(error) & ~4})`);
      };
      // MOV to SS and INT have something else to say, but not about privilege as such.
      if (!/^(Mov_Sreg|L[s]s_|Int_imm8|Ret[f]|Iret)/.test(code)) expect([code, end(3)]).toEqual([code, end(0)]);
    }
  });
});
