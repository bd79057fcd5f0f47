import { MAX_INSTRUCTION_LENGTH } from '../cpu/decoded-instruction.js';
import type { RunEnd } from '../explore/run.js';
import type { Machine } from '../machine/machine.js';
import type { CodeText } from './code-text.js';

/**
 * Why an execution could not go on, in lines for people: the instruction that is not implemented, or what every CPU is at
 * when somebody waits, or has stopped for good, and nothing can happen. Nothing for other ends.
 */
export function standstillText(end: RunEnd, machine: Machine, code: CodeText): string[] {
  if (end.kind === 'unsupported') {
    const { cpu, rip, reason } = end.stop;
    return [`CPU ${cpu} at ${code.fullAddress(rip)}: ${reason}: ${code.insn(textAt(machine, rip), rip)}`];
  }
  const everyone = (): string[] => machine.cpus.map((_, cpu) => `CPU ${cpu} ${whereabouts(machine, cpu, code)}`);
  if (end.kind === 'stopped') return [`CPU ${end.stop.cpu}: ${end.stop.reason}`, ...everyone()];
  return end.kind === 'finished' && end.waiting.length > 0 ? everyone() : [];
}

function whereabouts(machine: Machine, cpu: number, code: CodeText): string {
  const { rip, halted, dead, interruptsEnabled } = machine.state(cpu);
  if (dead) return `has stopped for good at ${code.fullAddress(rip)}`;
  const at = machine.procedureAt(cpu);
  if (at !== undefined) return `waits in ${at.procedure}: ${at.label}`;
  if (machine.isFinished(cpu)) return 'has finished';
  return `${halted ? 'is halted' : 'cannot go on'} with IF=${interruptsEnabled ? 1 : 0}, next instruction at ${code.fullAddress(rip)}`;
}

/** What an instruction at an address may consist of. */
function textAt({ memory }: Machine, address: bigint): Uint8Array {
  let length = 0;
  while (length < MAX_INSTRUCTION_LENGTH && memory.pageAt(address + BigInt(length)) !== undefined) length++;
  return memory.bytes(address, length);
}
