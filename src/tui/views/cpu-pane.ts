import { vectorName } from '../../cpu/vector.js';
import { block, type Row, type Span, span } from '../row.js';
import type { Walk } from '../walk.js';
import { codeRows } from './code-rows.js';
import { fetchRows } from './fetch-rows.js';
import { procedureRows } from './procedure-rows.js';
import { registerRows } from './register-rows.js';

/** Rows of the parts of a pane, at least. */
const HEIGHT = { heading: 2, least: { code: 3, fetch: 2, registers: 2 } } as const;
/** The least rows that say what there is to say. */
export const LEAST_PANE_HEIGHT = HEIGHT.heading + HEIGHT.least.code + HEIGHT.least.fetch + HEIGHT.least.registers;
/** The least columns. */
export const LEAST_PANE_WIDTH = 38;

/** A CPU: what it is, its state, the code around RIP or the procedure, what it would fetch, its registers. */
export function cpuPane(walk: Walk, cpu: number, selected: boolean, width: number, height: number): Row[] {
  const { machine } = walk.timeline;
  const head = [headingRow(walk, cpu, selected), stateRow(walk, cpu)];
  const left = height - HEIGHT.heading;
  if (machine.context(cpu).inProcedure) {
    const registers = registerRows(walk, cpu, width, registerHeight(left));
    return block([...head, ...block(procedureRows(walk, cpu, width, left - registers.length), width, left - registers.length), ...registers], width, height); // biome-ignore format: one line
  }
  const idle = machine.context(cpu).depth === 0 || machine.isFinished(cpu);
  const registers = registerRows(walk, cpu, width, registerHeight(left));
  // Where a fetch has a choice, that is what there is to see.
  const fetch = idle ? [] : fetchRows(walk, cpu, width, left - registers.length - HEIGHT.least.code);
  const codeHeight = left - fetch.length - registers.length;
  const code = idle ? [[span(machine.isFinished(cpu) ? 'has finished' : 'idle', 'dim')]] : codeRows(walk, cpu, width, codeHeight); // biome-ignore format: one line
  return block([...head, ...block(code, width, codeHeight), ...fetch, ...registers], width, height);
}

function registerHeight(rows: number): number {
  return Math.max(HEIGHT.least.registers, rows - HEIGHT.least.fetch - HEIGHT.least.code);
}

function headingRow(walk: Walk, cpu: number, selected: boolean): Row {
  const { timeline } = walk;
  const { machine } = timeline;
  const { vectors } = machine.context(cpu);
  const task = machine.tasks.on(cpu);
  const name = task === undefined ? 'idle' : (machine.tasks.traits[task]?.name ?? '');
  const chain = [name, ...vectors.flatMap((vector) => (vector === undefined ? [] : [vectorName(vector)]))];
  const moved = timeline.step(timeline.position)?.cpu === cpu;
  return [
    span(`${selected ? '[CPU ' : ' CPU '}${cpu}${selected ? ']' : ' '}`, selected ? 'green' : 'bold'),
    span(` ${chain.join(' > ')}`, vectors.length > 1 ? 'yellow' : undefined),
    span(interruptedAt(walk, cpu)),
    span(moved ? '  moved' : '', 'dim'),
  ];
}

/** Where the handler that a CPU is in leads back to, as its frame says now. */
function interruptedAt({ timeline, subject }: Walk, cpu: number): string {
  const { machine } = timeline;
  const contexts = machine.context(cpu);
  if (contexts.depth === 0 || contexts.vector === undefined) return '';
  machine.lookThrough(cpu);
  const { entryRsp } = contexts;
  const mapped = machine.memory.pageAt(entryRsp) !== undefined && machine.memory.pageAt(entryRsp + 7n) !== undefined;
  return mapped ? ` at ${subject.code.address(machine.memory.read(entryRsp, 8))}` : '';
}

/** Mode, IF, shadow, what is pending, and what the CPU waits for. */
function stateRow({ timeline }: Walk, cpu: number): Row {
  const { machine } = timeline;
  const state = machine.state(cpu);
  const pending = machine.pending[cpu]?.vectors ?? [];
  const parts: (Span | undefined)[] = [
    span(state.cell('cpl') === 0n ? 'kernel' : 'user'),
    span(`IF ${state.interruptsEnabled ? 1 : 0}`, state.interruptsEnabled ? undefined : 'yellow'),
    state.shadowed ? span(`shadow of ${state.shadowOfMovSs ? 'MOV SS' : 'STI'}`, 'yellow') : undefined,
    pending.length > 0 ? span(`pending ${pending.map(vectorText).join(' ')}`, 'yellow') : undefined,
    state.nmiBlocked ? span('NMIs held', 'yellow') : undefined,
    state.singleSteps ? span('TF', 'yellow') : undefined,
    state.dead ? span('stopped for good', 'red') : state.halted ? span('halted', 'dim') : undefined,
    machine.fetch === undefined
      ? undefined
      : span(`text ${machine.fetch.floor(cpu)}..${machine.memory.text.now}`, 'dim'),
  ];
  return parts.flatMap((part, index) =>
    part === undefined ? [] : index === 0 ? [span(' '), part] : [span('  '), part],
  );
}

function vectorText(vector: number): string {
  return `0x${vector.toString(16)}`;
}
