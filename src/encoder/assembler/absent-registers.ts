import { dialectOf } from './dialect.js';
import type { Operand } from './operand.js';
import { isOnlyOfEvex, registerNameOf } from './registers.js';
import { assemblyError } from './source-line.js';

/** @throws InputError when an operand has a register that only EVEX instructions can name, which are not assembled. */
export function checkRegisters(operands: readonly Operand[]): void {
  for (const operand of operands) {
    if (operand.kind === 'immediate') continue;
    const register = operand.kind === 'register' ? operand.register : operand.index;
    if (!isOnlyOfEvex(register)) continue;
    const { register: written } = dialectOf(operand.place.source.syntax).wording;
    throw assemblyError(
      `${written(registerNameOf(register))} is a register of AVX-512, which is not assembled`,
      operand.place,
      `there are ${written('xmm0')} to ${written('xmm15')} and ${written('ymm0')} to ${written('ymm15')}`,
    );
  }
}
