import { describe, expect, it } from 'vitest';
import { CodeBuffer } from '../../src/cpu/backend/code-buffer.js';
import { I32, I64, OP, WasmCode } from '../../src/cpu/backend/wasm-code.js';
import { wasmModule } from '../../src/cpu/backend/wasm-module.js';

const bytesOf = (fill: (buffer: CodeBuffer) => void): number[] => {
  const buffer = new CodeBuffer();
  fill(buffer);
  return [...buffer.finish()];
};

describe('a code buffer', () => {
  it('writes unsigned LEB128', () => {
    const unsigned = (value: number) => bytesOf((buffer) => buffer.unsigned(value));
    expect([unsigned(0), unsigned(127), unsigned(128)]).toEqual([[0], [0x7f], [0x80, 0x01]]);
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(0xffffffff)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  it('writes signed LEB128', () => {
    const signed = (value: bigint) => bytesOf((buffer) => buffer.signed(value));
    expect([signed(0n), signed(63n), signed(64n), signed(-64n), signed(-65n)]).toEqual([
      [0],
      [0x3f],
      [0xc0, 0x00],
      [0x40],
      [0xbf, 0x7f],
    ]);
    expect(signed(-123456n)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(-(1n << 63n))).toHaveLength(10);
  });

  it('writes names and other buffers with their length, and grows', () => {
    expect(bytesOf((buffer) => buffer.name('añ'))).toEqual([3, 0x61, 0xc3, 0xb1]);
    const inner = new CodeBuffer();
    inner.bytes(new Uint8Array(5000).fill(7));
    const outer = bytesOf((buffer) => buffer.sized(inner));
    expect(outer).toHaveLength(5002);
    expect(outer.slice(0, 3)).toEqual([0x88, 0x27, 7]);
  });
});

describe('a module', () => {
  it('computes, loads, stores, branches and calls its host', () => {
    const code = new WasmCode();
    // A loop that stores 3 * i at 8 * i for i from the parameter down to 1, then gives what the host makes of the first.
    const end = code.block();
    const loop = code.loop();
    code.get(0);
    code.op(OP.i32Eqz);
    code.branchIf(end);
    code.get(0);
    code.const32(3);
    code.op(OP.i32Shl);
    code.get(0);
    code.op(OP.i64ExtendI32U);
    code.const64(-3n);
    code.op(OP.i64Mul);
    code.store64(8, 0);
    code.get(0);
    code.const32(1);
    code.op(OP.i32Sub);
    code.set(0);
    code.branch(loop);
    code.end();
    code.end();
    code.const32(8);
    code.load64(8, 0);
    code.call(0);
    const bytes = wasmModule(
      [{ name: 'twice', type: [[I64], [I64]] }],
      [{ name: 'run', type: [[I32], [I64]], locals: [I64], code }],
    );
    const memory = new WebAssembly.Memory({ initial: 1 });
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { host: { memory, twice: (n: bigint) => 2n * n } });
    const run = exports.run;
    expect(typeof run === 'function' && run(5)).toBe(-6n);
    expect([...new BigInt64Array(memory.buffer, 0, 6)]).toEqual([0n, -3n, -6n, -9n, -12n, -15n]);
  });
});
