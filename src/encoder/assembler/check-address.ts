import { Register, RegisterExt } from '../iced.js';
import type { AddressOperand } from './operand.js';
import { isVector, registerFile } from './registers.js';
import { assemblyError } from './source-line.js';

/** @throws InputError when no address is computed from such a base and index. */
export function checkAddress({ base, index, place }: AddressOperand): void {
  const baseFile = registerFile(base);
  const indexFile = registerFile(index);
  const problem = (message: string) => assemblyError(message, place);
  if (baseFile !== undefined && !['gpr64', 'gpr32', 'ip'].includes(baseFile)) {
    throw problem('the base must be a 64-bit or 32-bit register');
  }
  if (indexFile === undefined) return;
  if (baseFile === 'ip') throw problem('rip takes no index register');
  if (isVector(index)) return;
  if (indexFile !== 'gpr64' && indexFile !== 'gpr32') throw problem('the index must be a 64-bit or 32-bit register');
  if (baseFile !== undefined && baseFile !== indexFile) throw problem('base and index must be of the same width');
  if (RegisterExt.fullRegister(index) === Register.RSP) throw problem('rsp cannot be an index');
}
