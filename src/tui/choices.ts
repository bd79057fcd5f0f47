import { decode } from '../cpu/decode.js';
import { MAX_INSTRUCTION_LENGTH } from '../cpu/decoded-instruction.js';
import type { Step } from '../machine/step.js';
import type { Memory } from '../memory/memory.js';
import { hex } from '../property/monitor.js';
import { ipiText } from '../report/event-note.js';
import type { Walk } from './walk.js';

/** What an instruction step of a CPU would fetch: a way that the rules allow. */
export interface Fetch {
  /** Undefined: there is no choice. */
  readonly times: readonly number[] | undefined;
  /** Of the instruction alone. */
  readonly bytes: Uint8Array;
  /** Whether each byte is what memory holds. */
  readonly isCurrent: readonly boolean[];
}

/** All that a CPU's next instruction may consist of. */
export function fetchesOf({ timeline }: Walk, cpu: number): readonly Fetch[] {
  const { machine } = timeline;
  const { rip } = machine.state(cpu);
  machine.lookThrough(cpu);
  const held = heldAt(machine.memory, rip);
  const choices = machine.fetch?.choices(cpu, rip) ?? [];
  if (choices.length === 0) {
    const bytes = instructionIn(held);
    return [{ times: undefined, bytes, isCurrent: Array.from(bytes, () => true) }];
  }
  return choices.map(({ times, fetched, byteTimes }) => {
    const bytes = fetched.bytes.subarray(0, byteTimes.length);
    const isCurrent = Array.from(bytes, (byte, i) => held[i] === byte);
    return { times: choices.length < 2 ? undefined : times, bytes, isCurrent };
  });
}

/** The instruction that memory holds at an address; fewer bytes where nothing is mapped behind them. */
export function instructionAt(memory: Memory, address: bigint): Uint8Array {
  return instructionIn(heldAt(memory, address));
}

function instructionIn(bytes: Uint8Array): Uint8Array {
  const decoded = decode(bytes);
  return decoded.kind === 'instruction' ? decoded.bytes : bytes;
}

function heldAt(memory: Memory, address: bigint): Uint8Array {
  let length = 0;
  while (length < MAX_INSTRUCTION_LENGTH && memory.pageAt(address + BigInt(length)) !== undefined) length++;
  return memory.bytes(address, length);
}

/** What a step would be, in a line for a person who chooses. */
export function choiceText(walk: Walk, step: Step): string {
  const { timeline, subject } = walk;
  const { machine } = timeline;
  const { rip } = machine.state(step.cpu);
  switch (step.kind) {
    case 'instruction': {
      const fetches = fetchesOf(walk, step.cpu);
      const times = String(step.times ?? []);
      const fetch = fetches.find((other) => String(other.times ?? []) === times) ?? fetches[0];
      if (fetch === undefined) return 'executes an instruction';
      const text = subject.code.shortInsn(fetch.bytes, rip);
      if (step.times === undefined) return `executes ${subject.code.address(rip)}: ${text}`;
      const age = fetch.isCurrent.every((current) => current) ? 'as memory has it' : 'stale';
      return `fetches ${hex(fetch.bytes)}  ${text}  (${age}; as of text time ${step.times.join(', ')})`;
    }
    case 'store':
      return `byte ${step.byte} of its store becomes visible`;
    case 'procedure': {
      const at = machine.procedureAt(step.cpu);
      const choice = step.choice === 0 ? '' : ` (alternative ${step.choice})`;
      return `${at?.procedure ?? ''}: ${at?.label ?? ''}${choice}`;
    }
    case 'accept':
      return `accepts ${ipiText(step.vector)} at ${subject.code.address(rip)}`;
    case 'nmi':
      return `an NMI arrives at ${subject.code.address(rip)}`;
    case 'mc':
      return `a machine check arrives at ${subject.code.address(rip)}`;
    case 'switch': {
      const name = step.task === undefined ? 'idle' : machine.tasks.traits[step.task]?.name;
      return `its task leaves the CPU, ${name ?? 'idle'} is resumed`;
    }
  }
}
