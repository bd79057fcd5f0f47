import { beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/tui/commands.js';
import { rowText, widthOf } from '../../src/tui/row.js';
import { FIRST_VIEW } from '../../src/tui/view-state.js';
import { frame } from '../../src/tui/views/frame.js';
import { keysText } from '../../src/tui/views/overlays.js';
import type { Walk } from '../../src/tui/walk.js';
import { TAGS } from '../report/subject.js';
import { counterexample, pressAll, scenario, screen } from './walks.js';

let walk: Walk;

beforeEach(async () => {
  walk = (await counterexample('stub.plain')).walk;
});

describe('the screen', () => {
  it('shows both CPUs, steps and site at 80x24, without colours', () => {
    expect(screen(walk, pressAll(walk, 'g "37" enter'))).toMatchInlineSnapshot(`
      "stub, plain  step 37 of 57  recorded                                       ideal
      --------------------------------------------------------------------------------
       CPU 0  patcher                        | [CPU 1] worker > #BP at site+0x1  mo..
       kernel  IF 1                          |  kernel  IF 0
      in smp_text_poke_sync_each_cpu < tex.. | in exc_int3
       on_each_cpu(do_sync_core): send the.. | >asm_exc_int3: push ORIG_RAX
       do_sync_core() on this CPU            |  call poke_int3_handler
      >wait for all acks                     |  iretq
                                             |  die("int3"): nobody consumed the #BP
                                             |
                                             |
                                             |
       rsp=ffffc90000011000  fl=-  others 0  | *rsp=ffffc90000000fd8  fl=-  others 0
      --------------------------------------------------------------------------------
       33 CPU 1 accepts IPI 0xfc (CALL_FUNCTION_VECT.. | site since step
       34 CPU 1 take the queued calls; do_sync_core(.. |      0  e8 3f 3f ff 00  A
       35 CPU 1 ack => acknowledged to CPU 0           |     16 *cc 3f 3f ff 00  mixed
       36 CPU 1 iretq => IRET to site; serialises      | >   26  cc*45 3f ff 00  mixed
      >37 CPU 1 site: int3 => #BP, saved RIP site+0x1  |
       38 CPU 1 asm_exc_int3: push ORIG_RAX            |
       39 CPU 1 smp_rmb(); read bp_patching_in_progr.. |

      n step  up back  e event  0-7 step CPU  o options  i interrupt  b break  ? help"
    `);
  });

  it('shows all registers at 120x40, and the violation at the end', () => {
    expect(screen(walk, pressAll(walk, 'end'), 120, 39)).toMatchInlineSnapshot(`
      "stub, plain  step 57 of 57  recorded                                                                               ideal
      ------------------------------------------------------------------------------------------------------------------------
       CPU 0  patcher                                            | [CPU 1] worker  moved
       kernel  IF 1                                              |  kernel  IF 1
      in patcher                                                 |  stub           push $0xffffffff8100c0c1  # <after>
       mutex_lock(&text_mutex); patch begins                     | >stub+0x5       jmp new_a
       call for each static call: stub, text_poke_bp             |
      >patch returns; mutex_unlock(&text_mutex)                  |
                                                                 |
                                                                 |
                                                                 |
                                                                 |
                                                                 | memory e9 fc ff ff fe jmp new_a
                                                                 | fetch  e9 fc ff ff fe the same
       rax 0                 r9  0                               |  rax 0                 r9  0
       rcx 0                 r10 0                               |  rcx 0                 r10 0
       rdx 0                 r11 0                               |  rdx 0                 r11 0
       rbx 0                 r12 0                               |  rbx 0                 r12 0
       rsp ffffc90000011000  r13 0                               | *rsp ffffc90000000ff8  r13 0
       rbp 0                 r14 0                               |  rbp 0                 r14 0
       rsi 0                 r15 0                               |  rsi 0                 r15 0
       rdi 0                 fl  -                               |  rdi 0                 fl  -
       r8  0                                                     |  r8  0
      ------------------------------------------------------------------------------------------------------------------------
       45 CPU 0 local_irq_save(flags); use_temporary_mm(text_poke_mm)                          | site since step
       46 CPU 0 text_poke_memcpy: store one byte => text site: cc -> e8                        |      0  e8 3f 3f ff 00  A
       47 CPU 0 unuse_temporary_mm(prev): MOV CR3 serialises; local_irq_restore(flags) => se.. |     16 *cc 3f 3f ff 00  mixed
       48 CPU 0 on_each_cpu(do_sync_core): send the IPI to the other CPUs => IPI 0xfc (CALL_.. |     26  cc*45 3f ff 00  mixed
       49 CPU 0 do_sync_core() on this CPU => serialises                                       | >   46 *e8 45 3f ff 00  B
       50 CPU 1 accepts IPI 0xfc (CALL_FUNCTION_VECTOR) at stub                                |
       51 CPU 1 take the queued calls; do_sync_core() => serialises                            |
       52 CPU 1 ack => acknowledged to CPU 0                                                   |
       53 CPU 1 iretq => IRET to stub; serialises                                              |
       54 CPU 0 wait for all acks                                                              |
       55 CPU 0 bp_patching_in_progress = false                                                |
       56 CPU 0 the stub can be re-used for the next static call fixup => stub may be reused   |
      >57 CPU 1 stub: push $0xffffffff8100c0c1  # <after>                                      |
      VIOLATED no-use-after-reuse: CPU 1 executed at 0xffffffff83000000 in stub, which was given to another use while it was..
      v what led here  n step  up back  e event  0-7 step CPU  o options  i interrupt  b break  q quit  / find  z zoom  ? help"
    `);
  });

  it('marks the bytes in which a fetch differs from memory, and shows every way', async () => {
    const torn = (await counterexample('text-poke-bp-no-sync1.straddling')).walk;
    const rows = screen(torn, pressAll(torn, 'end up')).split('\n');
    expect(rows.filter((row) => /memory|fetch/.test(row)).map((row) => row.slice(41))).toMatchInlineSnapshot(`
      [
        "memory cc             int3",
        "fetch *e8 3d 51 ff 00 call old+0x1200",
        "fetch  cc             as memory has it",
      ]
    `);
  });

  it('marks what the last step changed, in colours, too', () => {
    const state = pressAll(walk, 'g "37" enter');
    const text = frame(walk, state, { columns: 80, rows: 23 }).map((spans) => rowText(spans, TAGS));
    expect(text.find((row) => row.includes('*rsp'))).toContain('<yellow>*rsp=');
    expect(text.some((row) => row.includes('<yellow>*cc</yellow>'))).toBe(true);
  });

  it('is exactly as large as the terminal, whatever there is to show', async () => {
    const five = (await scenario('bench/five-cpus', 'monitored')).walk;
    for (const shown of [walk, five]) {
      pressAll(shown, 'n n e e');
      for (const [columns, rows] of [
        [40, 16],
        [60, 20],
        [80, 23],
        [100, 30],
        [133, 45],
        [200, 49],
        [30, 10],
      ] as const) {
        // biome-ignore format: one line
        for (const keys of ['', 'z', '?', 'o', 'i', 'b "x"', 'd', 'v']) {
          const lines = frame(shown, pressAll(shown, keys), { columns, rows });
          expect(lines).toHaveLength(rows);
          expect(new Set(lines.map(widthOf))).toEqual(new Set([columns]));
        }
      }
    }
  });

  it('shows the CPUs that moved last and the selected one where not all fit, and the others in a line', async () => {
    walk = (await scenario('call-swap', 'text-poke-bp')).walk;
    const cpus = walk.timeline.machine.cpuCount;
    expect(cpus).toBeGreaterThan(2);
    const text = screen(walk, pressAll(walk, '0 1 left', { ...FIRST_VIEW }));
    expect(text).toContain('[CPU 0]');
    expect(text).toMatch(/ CPU 1 +\S+ {2}moved/);
    expect(text).toMatch(/^CPU 2 \S+/m);
    expect(screen(walk, pressAll(walk, 'z'))).toMatch(/^ rax 0 +rsi 0 +r12 0$/m);
  });

  it('shows what watched memory holds, and whether a condition holds', () => {
    const state = pressAll(walk, 'w "site 2" enter b "if u8[site] == 0xcc" enter c');
    const values = (): string[] =>
      screen(walk, state)
        .split('\n')
        .flatMap((line) => /(?:site 2: .*|(?:yes|no) +if .*)/.exec(line) ?? []);
    expect(values()).toEqual(['site 2: cc 3f', 'yes  if u8[site] == 0xcc']);
    pressAll(walk, 'up', state);
    expect(values()).toEqual(['site 2: e8 3f', 'no   if u8[site] == 0xcc']);
  });

  it('has every key in its help', () => {
    const help = screen(walk, pressAll(walk, '?'), 130, 60);
    for (const command of COMMANDS) expect(help).toContain(`  ${keysText(command).padEnd(15)}${command.help}`);
    const small = pressAll(walk, '?');
    expect(screen(walk, small)).toContain('more: down');
    expect(screen(walk, pressAll(walk, 'space space space space', small))).toContain('q Ctrl-C');
    expect(pressAll(walk, 'x', small).overlay).toBeUndefined();
  });

  it('tells what led to a violation', () => {
    const story = screen(walk, pressAll(walk, 'end v'), 100, 60);
    expect(story).toContain('VIOLATED no-use-after-reuse');
    expect(story).toMatch(/what led there[\s\S]* 37 {2}\.1 {2}site .*int3[\s\S]*violates no-use-after-reuse/);
  });

  it('shows nothing of a scenario that a terminal would obey', async () => {
    const { name } = walk;
    const evil = { ...walk, name: `${name}\u001b]0;owned\u0007\u202e\u4e2d` };
    const [title = ''] = screen(evil, FIRST_VIEW).split('\n');
    expect(title).toContain(`${name}\u00b7]0;owned\u00b7\u00b7\u00b7  step 0`);
  });
});
