import { describe, expect, it } from 'vitest';
import type { MachineEvent } from '../../src/machine/event.js';
import { PLAIN } from '../../src/report/paint.js';
import type { StepEvents } from '../../src/report/step-events.js';
import { TraceText } from '../../src/report/trace-text.js';
import { OLD, SITE, SUBJECT, TAGS } from './subject.js';

const step = (number: number, cpu: number, ...events: MachineEvent[]): StepEvents => {
  return { step: number, cpu, interrupted: undefined, events };
};
const insn = (cpu: number, rip: bigint, ...bytes: number[]): MachineEvent => {
  return {
    kind: 'instruction',
    cpu,
    rip,
    bytes: Uint8Array.from(bytes),
    times: bytes.map(() => 0),
    exception: undefined,
  };
};
const at = (cpu: number, procedure: string, label: string): MachineEvent => {
  return { kind: 'procedure-step', cpu, procedure, label };
};

const STEPS: readonly StepEvents[] = [
  step(1, 1, insn(1, SITE, ...OLD)),
  step(2, 0, at(0, 'patcher', 'mutex_lock(&text_mutex); patch begins'), { kind: 'patch-begin', cpu: 0, patch: 0 }),
  step(3, 0, at(0, 'text_poke', 'text_poke_memcpy: store one byte'), {
    kind: 'text-store',
    cpu: 0,
    address: SITE,
    before: Uint8Array.of(0xe8),
    after: Uint8Array.of(0xcc),
    time: 1,
  }),
  step(4, 2, insn(2, SITE, 0xcc), { kind: 'trap', cpu: 2, vector: 3, rip: SITE + 1n, errorCode: 0 }),
  step(5, 2, at(2, 'exc_int3', 'asm_exc_int3: push ORIG_RAX; open the stack gap')),
  step(
    6,
    0,
    at(0, 'text_poke_sync', 'on_each_cpu(do_sync_core): send the IPI to the other CPUs'),
    { kind: 'ipi-sent', cpu: 0, vector: 0xfc, targets: [1, 2] },
    { kind: 'serialize', cpu: 0 },
  ),
  { step: 7, cpu: 1, interrupted: SITE + 5n, events: [{ kind: 'ipi-accepted', cpu: 1, vector: 0xfc }] },
  { step: 8, cpu: 0, interrupted: undefined, events: [{ kind: 'ipi-accepted', cpu: 0, vector: 0xfc }] },
  step(9, 1, at(1, 'sysvec_call_function', 'ack'), { kind: 'ipi-acked', cpu: 1, vector: 0xfc, initiators: [0] }),
  step(
    10,
    1,
    at(1, 'sysvec_call_function', 'iretq'),
    { kind: 'iret', cpu: 1, rip: SITE + 5n },
    { kind: 'serialize', cpu: 1 },
  ),
  step(11, 1, insn(1, SITE + 5n, 0x48, 0xb8, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11)),
  step(12, 1, insn(1, 0x1000n), { kind: 'trap', cpu: 1, vector: 14, rip: 0x1000n, errorCode: 0x10 }),
  step(13, 1, { kind: 'trap', cpu: 1, vector: 2, rip: 0x1000n, errorCode: 0 }),
  step(1234567, 2, insn(2, SITE, 0xf4), { kind: 'halt', cpu: 2 }, { kind: 'stopped', cpu: 2, rip: SITE, reason: 'so' }),
];

describe('a text trace', () => {
  it('has a line for each step, a lane for each CPU, and what a step caused behind an arrow', () => {
    const trace = new TraceText(SUBJECT, PLAIN);
    const lines = [trace.heading(), ...STEPS.flatMap((one) => trace.rows(one))];
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
         step  cpu  where                     bytes                 instruction, or procedure step
            1  .1.  site                      e8 3f 3f ff 00        call old
                    patcher:
            2  0..    mutex_lock(&text_mutex); patch begins
                      => patch of site to "call.rel32 new" begins
                    text_poke:
            3  0..    text_poke_memcpy: store one byte
                      => text site: e8 -> cc
            4  ..2  site                      cc                    int3
                      => #BP, saved RIP site+0x1
                    exc_int3:
            5  ..2    asm_exc_int3: push ORIG_RAX; open the stack gap
                    text_poke_sync:
            6  0..    on_each_cpu(do_sync_core): send the IPI to the other CPUs
                      => IPI 0xfc (CALL_FUNCTION_VECTOR) sent to CPUs 1, 2; serialises
            7  .1.  accepts IPI 0xfc (CALL_FUNCTION_VECTOR) at after
            8  0..  accepts IPI 0xfc (CALL_FUNCTION_VECTOR)
                    sysvec_call_function:
            9  .1.    ack
                      => acknowledged to CPU 0
           10  .1.    iretq
                      => IRET to after; serialises
           11  .1.  after                     48 b8 88 77 66 55 44  movabs $0x1122334455667788,%rax
                                              33 22 11
           12  .1.  0x1000                                          (nothing fetched)
                      => #PF with error code 0x10, saved RIP 0x1000
           13  .1.  NMI, saved RIP 0x1000
      1234567  ..2  site                      f4                    hlt
                      => halts; CPU 2 stops: so
      "
    `);
  });

  it('sets off step numbers, bytes, procedures and what steps caused', () => {
    const trace = new TraceText(SUBJECT, TAGS);
    const lines = STEPS.slice(0, 3).flatMap((one) => trace.rows(one));
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      <dim>      1</dim>  <dim>.</dim><bold>1</bold><dim>.</dim>  site                      <dim>e8 3f 3f ff 00      </dim>  call old
                    <dim>patcher:</dim>
      <dim>      2</dim>  <dim></dim><bold>0</bold><dim>..</dim>    <cyan>mutex_lock(&text_mutex); patch begins</cyan>
                      <yellow>=></yellow> <yellow>patch of site to "call.rel32 new" begins</yellow>
                    <dim>text_poke:</dim>
      <dim>      3</dim>  <dim></dim><bold>0</bold><dim>..</dim>    <cyan>text_poke_memcpy: store one byte</cyan>
                      <yellow>=></yellow> <yellow>text site: e8 -> cc</yellow>
      "
    `);
  });

  it('calls an NMI by its name: nobody sent it', () => {
    const accepted = { kind: 'ipi-accepted', cpu: 1, vector: 2 } as const;
    const rows = new TraceText(SUBJECT, PLAIN).rows({ step: 7, cpu: 1, interrupted: SITE + 5n, events: [accepted] });
    expect(rows).toEqual(['      7  .1.  accepts NMI at after']);
  });

  it('fits 100 columns whatever the names are', () => {
    const long = 'a'.repeat(300);
    const trace = new TraceText({ ...SUBJECT, cpus: 8, patches: [{ site: long, insn: long }] }, PLAIN);
    const rows = [
      trace.heading(),
      ...trace.rows(step(99999, 7, at(7, long, long), { kind: 'patch-begin', cpu: 7, patch: 0 })),
      ...trace.rows(step(99999, 7, insn(7, SITE, 0x64, 0x67, 0x81, 0x84, 0x8b, 1, 2, 3, 0xff, 5, 6, 7, 8))),
    ];
    expect(rows.filter((row) => row.length > 100)).toEqual([]);
  });
});
