import { describe, expect, it } from 'vitest';
import { Cpus, dataOf } from './cpus.js';
import { AT, machineWith } from './machine-with.js';

describe('stores that nobody looks at in between', () => {
  it('leave the hash of memory right, whichever words they reach into', () => {
    // mov %rax,(%rdi); add $delta,%rdi; jmp back: words and halves of words, with one hash at the end
    for (const delta of [1, 3, 4, 7, 8, 13]) {
      for (const size of ['48 89 07', '89 07', '66 89 07', '88 07']) {
        const displacement = (0x100 - (size.split(' ').length + 6)).toString(16);
        const code = `${size} 48 83 c7 ${delta.toString(16).padStart(2, '0')} eb ${displacement}`;
        const [batch, oracle] = [new Cpus(1, code), new Cpus(1, code)];
        for (const cpus of [batch, oracle]) cpus.state0.setGpr('rax', 0x1122334455667788n);
        const [wasm, bigint] = [batch.wasm(), oracle.bigint()];
        batch.schedule(new Array(60).fill(0));
        expect(wasm.run(60)).toBe(60);
        for (let i = 0; i < 60; i++) bigint.step(0);
        expect(batch.look()).toEqual(oracle.look());
      }
    }
  });
});

describe('the access log', () => {
  it('has every access of an instruction in order, and nothing of the one before', () => {
    // push (%rdi); movsq; nop
    const m = machineWith({ code: 'ff 37 48 a5 90', rdi: AT.data, rsi: AT.readonly }).step();
    expect(m.accesses.map(({ kind, size }) => `${kind} ${size}`)).toEqual(['read 8', 'write 8']);
    m.step();
    expect(m.accesses.map(({ address, kind }) => [address, kind])).toEqual([
      [AT.readonly, 'read'],
      [AT.data, 'write'],
    ]);
    expect(m.step().accesses).toEqual([]);
  });

  it('has the accesses that went before a fault', () => {
    // movsb to a page that may not be written
    const m = machineWith({ code: 'a4', rsi: AT.data, rdi: AT.readonly }).step();
    expect(m.exception).toBe('#PF(3) 20002000');
    expect(m.accesses).toEqual([{ address: AT.data, size: 1, kind: 'read' }]);
  });

  it('tells what was executed, byte by byte', () => {
    const cpus = new Cpus(1, 'b8 01 02 03 04 ff d0');
    for (const interpreter of [cpus.wasm(), cpus.bigint()]) {
      cpus.state0.rip = AT.code;
      interpreter.step(0);
      expect(interpreter.executed()).toMatchObject({ rip: AT.code, bytes: Uint8Array.of(0xb8, 1, 2, 3, 4) });
      interpreter.step(0);
      expect(interpreter.executed()).toMatchObject({ rip: AT.code + 5n, bytes: Uint8Array.of(0xff, 0xd0) });
    }
    expect(dataOf(0)).toBe(AT.data);
  });
});
