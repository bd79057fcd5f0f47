import { Code } from './iced.js';

/**
 * Where GNU as has another mnemonic in Intel syntax than MASM, after which iced's formatter goes: it wants a suffix when
 * the size is not the usual one, and `movabs` for what has 64 bits in the instruction. One with a space in it is a
 * prefix and another mnemonic.
 */
const mnemonics: ReadonlyMap<Code, string> = new Map([
  [Code.Int3, 'int3'],
  [Code.Pushfw, 'pushfw'],
  [Code.Popfw, 'popfw'],
  [Code.Iretw, 'iretw'],
  [Code.Retfd, 'retfd'],
  [Code.Retfd_imm16, 'retfd'],
  [Code.Sysretd, 'sysretd'],
  [Code.Sysexitd, 'sysexitd'],
  [Code.Mov_r64_imm64, 'movabs'],
  [Code.Mov_AL_moffs8, 'movabs'],
  [Code.Mov_AX_moffs16, 'movabs'],
  [Code.Mov_EAX_moffs32, 'movabs'],
  [Code.Mov_RAX_moffs64, 'movabs'],
  [Code.Mov_moffs8_AL, 'movabs'],
  [Code.Mov_moffs16_AX, 'movabs'],
  [Code.Mov_moffs32_EAX, 'movabs'],
  [Code.Mov_moffs64_RAX, 'movabs'],
  [Code.Getsecq, 'rex.w getsec'],
  [Code.Call_m1664, 'rex.w call'],
  [Code.Jmp_m1664, 'rex.w jmp'],
  [Code.Fldenv_m14byte, 'data16 fldenv'],
  [Code.Fnstenv_m14byte, 'data16 fnstenv'],
  [Code.Fstenv_m14byte, 'data16 fstenv'],
  [Code.Frstor_m94byte, 'data16 frstor'],
  [Code.Fnsave_m94byte, 'data16 fnsave'],
  [Code.Fsave_m94byte, 'data16 fsave'],
  [Code.Pcmpestri64_xmm_xmmm128_imm8, 'pcmpestriq'],
  [Code.Pcmpestrm64_xmm_xmmm128_imm8, 'pcmpestrmq'],
  [Code.VEX_Vpcmpestri64_xmm_xmmm128_imm8, 'vpcmpestriq'],
  [Code.VEX_Vpcmpestrm64_xmm_xmmm128_imm8, 'vpcmpestrmq'],
]);

/** GNU as' name of an encoding in Intel syntax, where it is not that of iced's MASM formatter. */
export function intelMnemonic(code: Code): string | undefined {
  return mnemonics.get(code);
}
