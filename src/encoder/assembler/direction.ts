import { OpCodeOperandKind as Kind, type OpCodeInfo } from '../iced.js';
import type { InstructionForm } from './instruction-form.js';

/**
 * Whether ModRM's r/m field is the destination, with a register as source (store), or a source (load); neither when it
 * is not about two registers.
 */
export function directionOf(info: OpCodeInfo): InstructionForm['direction'] {
  const kinds = Array.from({ length: info.opCount }, (_, i) => Kind[info.opKind(i)] ?? '');
  const [destination = '', ...sources] = kinds;
  if (sources.some((kind) => rm.test(kind))) return 'load';
  return rm.test(destination) && sources.some((kind) => kind.endsWith('_reg')) ? 'store' : undefined;
}

const rm = /_(rm|or_mem\w*)$/;
