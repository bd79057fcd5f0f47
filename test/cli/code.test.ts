import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT, Workshop, xmc } from './xmc.js';

const workshop = new Workshop();

const SOURCE = `a:      call.rel32 0xffffffff82000000
b:      jmp.rel8 a
        movabs $0x1122334455667788,%rax
end:
`;
const BASE = ['--base', '0xffffffff8100c0bc'];

describe.concurrent('xmc asm', () => {
  it('prints hex', async () => {
    const { code, stdout } = await xmc(['asm'], { input: 'lock; cmpxchg %rcx,(%rdi)' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'f0 48 0f b1 0f\n' });
  });

  it('takes Intel syntax where asked', async () => {
    const { code, stdout } = await xmc(['asm', '--syntax', 'intel'], { input: 'lock cmpxchg [rdi], rcx' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'f0 48 0f b1 0f\n' });
  });

  it('prints a listing', async ({ expect }) => {
    const { stdout } = await xmc(['asm', '-', ...BASE, '--format', 'listing'], { input: SOURCE });
    expect(stdout).toMatchInlineSnapshot(`
      "ffffffff8100c0bc <a>:
      ffffffff8100c0bc:  e8 3f 3f ff 00        call.rel32 0xffffffff82000000
      ffffffff8100c0c1 <b>:
      ffffffff8100c0c1:  eb f9                 jmp.rel8 a
      ffffffff8100c0c3:  48 b8 88 77 66 55 44  movabs $0x1122334455667788,%rax
      ffffffff8100c0ca:  33 22 11
      ffffffff8100c0cd <end>:
      "
    `);
  });

  it('prints bytes that xmc disasm takes', async ({ expect }) => {
    workshop.write('a.s', SOURCE);
    const hex = await workshop.xmc(['asm', 'a.s', ...BASE]);
    const { stdout } = await workshop.xmc(['disasm', ...BASE], { input: hex.stdout });
    expect(stdout).toMatchInlineSnapshot(`
      "ffffffff8100c0bc:  e8 3f 3f ff 00        call 0xffffffff82000000
      ffffffff8100c0c1:  eb f9                 jmp 0xffffffff8100c0bc
      ffffffff8100c0c3:  48 b8 88 77 66 55 44  movabs $0x1122334455667788,%rax
      ffffffff8100c0ca:  33 22 11
      "
    `);
  });

  it('names the line that it cannot assemble, and exits with 2', async () => {
    workshop.write('bad.s', 'nop\n  movv %eax,%ebx\n');
    const { code, stderr } = await workshop.xmc(['asm', 'bad.s']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "bad.s:2:3: error: unknown mnemonic 'movv'\n    2 |   movv %eax,%ebx\n      |   ^\nhint: did you mean mov?",
    );
  });
});

describe.concurrent('xmc disasm', () => {
  it('takes bytes on the command line, such as a Code: line', async ({ expect }) => {
    const { stdout } = await xmc(['disasm', 'Code: 48 89 e5 <0f> 0b 5d c3', '--syntax', 'intel', ...BASE]);
    expect(stdout).toMatchInlineSnapshot(`
      "ffffffff8100c0bc:  48 89 e5              mov rbp,rsp
      ffffffff8100c0bf:  0f 0b                 ud2
      ffffffff8100c0c1:  5d                    pop rbp
      ffffffff8100c0c2:  c3                    ret
      "
    `);
  });

  it('takes raw bytes', async () => {
    const { stdout } = await xmc(['disasm'], { input: Uint8Array.of(0x0f, 0x1f, 0x44, 0x00, 0x00) });
    expect(stdout).toBe('0000000000000000:  0f 1f 44 00 00        nopl 0x0(%rax,%rax,1)\n');
  });

  it('takes the text of an ELF file', async () => {
    const { code, stdout } = await xmc(['disasm', 'examples/crc-t10dif/crc-t10dif.elf']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'ffffffff8100013e <crc_call_site>:\nffffffff8100013e:  e8 bd fe ff ff        call 0xffffffff81000000 <crc_t10dif_bitwise>\n',
    );
  });

  it('refuses what is neither', async () => {
    const word = await xmc(['disasm', 'nothing.bin']);
    expect(word).toEqual({
      code: 2,
      stdout: '',
      stderr: "xmc: error: 'nothing.bin' is neither a file nor bytes in hex\n",
    });
    const text = await xmc(['disasm', '-'], { input: 'e8 3f\n3f zz\n' });
    expect(text.code).toBe(2);
    expect(text.stderr).toContain('<stdin>:2:4: error: not a byte in hex\n    2 | 3f zz\n      |    ^\n');
  });
});

describe.concurrent('xmc schema', () => {
  it('is the file in scenarios/', async () => {
    const { code, stdout } = await xmc(['schema']);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(`${ROOT}/scenarios/scenario.schema.json`, 'utf8'));
  });
});
