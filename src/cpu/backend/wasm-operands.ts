import type { DestAccess } from '../definition.js';
import type { Operand, Size, Value } from '../insn.js';
import { RECORD } from '../record.js';
import { pushAccess, type WasmAccess } from './wasm-access.js';
import { OP, type WasmCode } from './wasm-code.js';
import { WasmEnding } from './wasm-ending.js';
import { LOCAL } from './wasm-locals.js';

/** Operands of instructions, and where those in memory lie. */
export class WasmOperands extends WasmEnding {
  /** A register or an immediate: what a field of the record points to. */
  protected cellOperand(field: number, ofInstruction: Size): Operand {
    const pushAddress = (code: WasmCode): void => {
      code.get(LOCAL.record);
      code.load32(field);
    };
    return {
      inMemory: false,
      read: (size = ofInstruction) =>
        this.read((code) => {
          pushAddress(code);
          code.load64(size, 0);
        }),
      write: (value) => this.writeCell(pushAddress, ofInstruction, value),
      readXmm: () => {
        const half = (offset: number): Value =>
          this.read((code) => {
            pushAddress(code);
            code.load64(8, offset);
          });
        return { low: half(0), high: half(8) };
      },
      writeXmm: ({ low, high }) => {
        this.writeCell(pushAddress, 8, low);
        this.writeCell(pushAddress, 8, high, 8);
      },
    };
  }

  private writeCell(pushAddress: (code: WasmCode) => void, size: Size, value: Value, offset = 0): void {
    const stored = this.use(size === 4 ? value.zext(4) : value);
    this.effect((code) => {
      pushAddress(code);
      stored.push(code);
      code.store64(size === 4 ? 8 : size, offset);
    });
  }

  protected memoryOperand(access: DestAccess, size: Size): Operand {
    return {
      inMemory: true,
      read: () => {
        const address = this.use(this.linearAddress());
        return this.read((code) => {
          this.locate(code, { address, size, kind: access === 'rw' ? 'update' : 'read', segment: 'operand' });
          if (access === 'rw') code.tee(LOCAL.destPointer);
          code.load64(size, 0);
        });
      },
      write: (value) => {
        const address = access === 'w' ? this.use(this.linearAddress()) : undefined;
        const stored = this.use(value);
        this.effect((code) => {
          if (address === undefined) code.get(LOCAL.destPointer);
          else this.locate(code, { address, size, kind: 'write', segment: 'operand' });
          stored.push(code);
          code.store64(size, 0);
        });
      },
      readXmm: () => {
        const address = this.use(this.linearAddress());
        const low = this.read((code) => {
          this.locate(code, { address, size: 16, kind: 'read', segment: 'operand' });
          code.load64(8, 0);
        });
        const high = this.read((code) => {
          code.get(LOCAL.pointer);
          code.load64(8, 8);
        });
        return { low, high };
      },
      writeXmm: (value) => {
        const address = this.use(this.linearAddress());
        const low = this.use(value.low);
        const high = this.use(value.high);
        this.effect((code) => {
          this.locate(code, { address, size: 16, kind: 'write', segment: 'operand' });
          low.push(code);
          code.store64(8, 0);
          code.get(LOCAL.pointer);
          high.push(code);
          code.store64(8, 8);
        });
      },
    };
  }

  effectiveAddress(offset?: Value): Value {
    const added = offset === undefined ? undefined : this.use(offset);
    return this.read((code) => {
      code.get(LOCAL.record);
      code.load32(RECORD.base);
      code.load64(8, 0);
      code.get(LOCAL.record);
      code.load64(8, RECORD.displacement);
      code.op(OP.i64Add);
      code.get(LOCAL.record);
      code.load32(RECORD.index);
      code.load64(8, 0);
      code.get(LOCAL.record);
      code.load32(RECORD.scale);
      code.op(OP.i64ExtendI32U);
      code.op(OP.i64Shl);
      code.op(OP.i64Add);
      if (added !== undefined) {
        added.push(code);
        code.op(OP.i64Add);
      }
      code.get(LOCAL.record);
      code.load64(8, RECORD.mask);
      code.op(OP.i64And);
    });
  }

  linearAddress(offset?: Value): Value {
    return this.effectiveAddress(offset).add(this.segmentBase());
  }

  segmentBase(): Value {
    return this.read((code) => {
      code.get(LOCAL.record);
      code.load32(RECORD.segment);
      code.load64(8, 0);
    });
  }

  /** Leaves on the stack, and in `LOCAL.pointer`, where an access lands. */
  protected locate(code: WasmCode, access: WasmAccess): void {
    pushAccess(code, access, this.exits.self);
  }
}
