/** A scenario that uses every key, for the tests of this directory. */
export const fullScenario = `# A switch that is turned on and off under two readers.
scenario: switch-flip
title: A jump label flips while two CPUs run through it
refs: [mail-000, "SDM Vol. 3A, 9.1.3"]
syntax: att

text:
  - name: reader_text
    base: 0xffffffff8100003d
    asm: |
      reader:
      label:  nop5
              jmp.rel8 reader
      on:     mov $1, %eax
              jmp.rel8 reader
  - {name: scratch, base: 0xffffffff83000000, size: 64, writable: yes}
  - {elf: lib/switch.o, base: 0xffffffffa0000000}

data:
  - name: key
    base: 0xffffffff84000000
    asm: ".quad 0"
  - {name: counters, base: 0xffffffff84001000, size: 4096}
  - {name: reader_rw, base: 0xffffffff9000003d, alias: reader_text, size: 16}

sites:
  label: {clobbers: [rax, r11], flag-clobbers: [zf, cf], length: 5}
  reader+0x7: {flag-clobbers: all}

cpus: 4
tasks:
  flipper: {cpu: 0, procedure: patch, stack: 8192}
  reader:
    cpu: [1, 2]
    entry: reader
    if: 0
    registers: {rdi: cpu, rsi: 100, rbx: counters+8}
    yields: [label, on+5]
    stack: {size: 256, base: 0xffffc90000000000}
  spinner: {cpu: 3, entry: 0xffffffff8100003d, stack: {private: 512}}

handlers: {nmi: on, 0x6: reader+4}
nmi: {stack: ist}

patch:
  repeat: 50
  list:
    - {site: label, new: "jmp.rel32 on", emulate: "jmp.rel32 on"}
    - batch:
        - {site: label, new: nop5}
        - {site: reader+0x7, new: nop2}

algorithm: text-poke-bp
shadow-stack: off
sync: {skip: [3], defer: [1, 2]}
profile: {name: amd-apm, nmi-held-in-sti-shadow: off, unit: 4, order: ascending}
budgets: {reschedule: 2, nmi: 1, mc: 0}
steps: 100000
properties: {enable: [no-old-after-sync1], disable: [progress]}
check:
  always: {aligned: "spinner.rsp % 8 == 0"}
  sometimes: {flipped: "reader@1.rax == 1"}
  finally: {settled: "u8[label] == 0x0f"}
goals: {add: [old-and-new-executed], waive: [ipi-waited-for-if, finally settled]}
expect: {violated: finally settled}

variants:
  calm: {expect: verified, budgets.nmi: 0}
  other-cpus:
    profile.unit: 8
    tasks.reader.cpu: 2
    patch.list.0.new: nop5
    sync.defer: [1]
`;

/** Line and column, counted from 1, of the first occurrence of `fragment`. */
export function placeOf(text: string, fragment: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(fragment)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The shortest valid scenario. */
export const smallScenario = `scenario: small
text: [{base: 0x1000, asm: "here: jmp.rel8 here"}]
cpus: 1
tasks: {only: {cpu: 0, entry: here}}
`;
