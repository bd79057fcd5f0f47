import { type Definition, handlersOf } from '../definition.js';
import { ALU } from './alu.js';
import { ATOMIC } from './atomic.js';
import { BIT } from './bit.js';
import { BMI } from './bmi.js';
import { CACHE_CONTROL } from './cache-control.js';
import { CONTROL } from './control.js';
import { CONTROL_REGISTERS } from './control-registers.js';
import { CPUID } from './cpuid.js';
import { DESCRIPTOR_TABLES } from './descriptor-tables.js';
import { DIRECT_STORE } from './direct-store.js';
import { DISABLED } from './disabled.js';
import { FAR_TRANSFER } from './far-transfer.js';
import { FAST_CALL } from './fast-call.js';
import { FETCH_OUTCOME } from './fetch-outcome.js';
import { FLAG_CONTROL } from './flag-control.js';
import { LOCK } from './lock.js';
import { MONITOR } from './monitor.js';
import { MOVE } from './move.js';
import { MSR_ACCESS } from './msr.js';
import { MULDIV } from './muldiv.js';
import { PORT } from './port.js';
import { PROCESSOR_INFORMATION } from './processor-information.js';
import { SEGMENT } from './segment.js';
import { SEGMENT_RIGHTS } from './segment-rights.js';
import { SHIFT } from './shift.js';
import { STACK } from './stack.js';
import { STRING } from './string.js';
import { SYSTEM } from './system.js';
import { TBM } from './tbm.js';
import { XMM_ARITHMETIC } from './xmm-arithmetic.js';
import { XMM_MOVE } from './xmm-move.js';
import { XMM_SHIFT } from './xmm-shift.js';
import { XMM_SHUFFLE } from './xmm-shuffle.js';

/** Every instruction that the simulator executes, in the groups of the SDM's instruction-set summary. */
export const DEFINITIONS: readonly Definition[] = [
  ...MOVE,
  ...DIRECT_STORE,
  ...ALU,
  ...SHIFT,
  ...BIT,
  ...BMI,
  ...TBM,
  ...MULDIV,
  ...STACK,
  ...CONTROL,
  ...FAR_TRANSFER,
  ...STRING,
  ...PORT,
  ...FLAG_CONTROL,
  ...LOCK,
  ...ATOMIC,
  ...SYSTEM,
  ...CPUID,
  ...SEGMENT,
  ...SEGMENT_RIGHTS,
  ...DESCRIPTOR_TABLES,
  ...CONTROL_REGISTERS,
  ...MSR_ACCESS,
  ...FAST_CALL,
  ...CACHE_CONTROL,
  ...MONITOR,
  ...DISABLED,
  ...PROCESSOR_INFORMATION,
  ...XMM_MOVE,
  ...XMM_ARITHMETIC,
  ...XMM_SHIFT,
  ...XMM_SHUFFLE,
  ...FETCH_OUTCOME,
];

/** Every definition at every size and in every form: what the interpreter dispatches to. */
export const HANDLERS = handlersOf(DEFINITIONS);
