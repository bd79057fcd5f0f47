import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Prebuilt } from '../../src/cpu/backend/prebuilt.js';
import { emitInterpreter } from '../../src/cpu/backend/wasm-interpreter.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';
import { built, dataUrl, type Replaced, runReplaced } from './replaced-modules.js';
import { PROGRAM, ROOT } from './xmc.js';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const { PREBUILT } = (await import(built('cpu/backend/prebuilt.js'))) as { PREBUILT: Prebuilt };

const NO_EMITTER: Replaced = {
  'wasm-interpreter.js': "export function emitInterpreter() { throw new Error('emitted'); }",
};
const NOT_PREBUILT: Replaced = { 'prebuilt.js': 'export const PREBUILT = undefined;' };
/** A module of another build. */
const STALE: Replaced = {
  'prebuilt.js': `export const PREBUILT = ${JSON.stringify({ ...PREBUILT, fingerprint: '0123456789abcdef' })};`,
};

/** Executes one instruction (inc %rax at 0x1000) on the built program's interpreter and prints RAX. */
function incremented(replaced: Replaced): { stdout: string; stderr: string } {
  const program = `
    const { WasmInterpreter } = await import('${built('cpu/backend/wasm.js')}');
    const { CpuState } = await import('${built('cpu/cpu-state.js')}');
    const { Memory } = await import('${built('memory/memory.js')}');
    const { TEXT } = await import('${built('memory/page.js')}');
    const memory = new Memory(4);
    memory.map(0x1000n, 4096n, TEXT, Uint8Array.of(0x48, 0xff, 0xc0));
    const cpu = new CpuState(memory.linear, 0);
    cpu.rip = 0x1000n;
    cpu.setGpr('rax', 41n);
    const status = new WasmInterpreter(memory).step(0);
    console.log(status, cpu.gpr('rax'));`;
  return runReplaced(program, replaced);
}

describe('the interpreter that is built beforehand', () => {
  it('has the very bytes that the definitions give now', () => {
    expect(digest(Buffer.from(PREBUILT.base64, 'base64'))).toBe(digest(emitInterpreter(HANDLERS)));
  });

  it('is what the built program runs: it needs no emitter', () => {
    expect(incremented({})).toEqual({ stdout: '0 42n\n', stderr: '' });
    expect(incremented(NO_EMITTER)).toEqual({ stdout: '0 42n\n', stderr: '' });
  });

  it.each([
    ['absent', NOT_PREBUILT],
    ['of another build', STALE],
  ])('is not run where it is %s: the module is emitted', (_, replaced) => {
    expect(incremented(replaced)).toEqual({ stdout: '0 42n\n', stderr: '' });
    const { stdout, stderr } = incremented({ ...replaced, ...NO_EMITTER });
    expect(stdout).toBe('');
    expect(stderr).toContain('Error: emitted');
  });

  it('is not loaded for help', () => {
    const trap = `export async function load(url, context, next) {
      if (url.endsWith('/prebuilt.js')) throw new Error('loaded');
      return next(url, context);
    }`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(trap))});`;
    // The trap sees what is imported, not what is required.
    const flags = ['--no-experimental-require-module', '--import', dataUrl(register)];
    const run = (...args: string[]) => spawnSync(process.execPath, [...flags, PROGRAM, ...args], { encoding: 'utf8' });
    expect(run('--help').status).toBe(0);
    expect(run('check', join(ROOT, 'scenarios/stub.yaml')).stderr).toContain('loaded');
  });
});
