import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import type { Handler } from '../definition.js';
import { RECORD } from '../record.js';
import { isInLoop } from './loop-handlers.js';
import { I32, OP, WasmCode } from './wasm-code.js';
import { WasmInsn } from './wasm-insn.js';
import { type Exits, HOST, LOCAL, localTypes } from './wasm-locals.js';
import type { FunctionType, WasmFunction } from './wasm-module.js';

/** Its parameters are the first locals of the interpreter's loop; its result is a number of {@link EXITS}. */
const RARE: FunctionType = [[I32, I32, I32], [I32]];
/** Behind those of the host's functions and of the loop. */
const RARE_TYPE = Object.keys(HOST).length + 1;
const EXITS = ['fall', 'taken', 'indirect', 'self'] as const satisfies readonly (keyof Exits)[];

/**
 * For each handler that the loop does not have, a function that executes the record's instruction and says how it is
 * left; in the module's table it stands at the handler's number. Apart because V8 compiles a function when it is first called, and
 * again when it is hot: all of them in one cost it two seconds and 86 MB then.
 */
export function rareFunctions(handlers: readonly Handler[]): WasmFunction[] {
  return handlers.flatMap((handler, place) => (isInLoop(handler) ? [] : [rareFunction(handler, place)]));
}

function rareFunction(handler: Handler, place: number): WasmFunction {
  const code = new WasmCode();
  const levels = [...EXITS].reverse().map((exit) => [exit, code.block()] as const);
  const exits = Object.fromEntries(levels) as Record<(typeof EXITS)[number], number>;
  const insn = new WasmInsn(handler, exits);
  handler.definition.meaning(insn);
  insn.emit(code);
  code.branch(exits.fall);
  for (const [number, exit] of EXITS.entries()) {
    code.end();
    if (exit === 'indirect') {
      code.const32(0);
      code.get(LOCAL.address);
      code.store64(8, LAYOUT.scratch + SCRATCH.branchTarget);
    }
    code.const32(number);
    code.op(OP.return);
  }
  return { place, type: RARE, locals: localTypes(RARE[0].length, insn.localsUsed), code };
}

/** Emits, in the loop, a call of the handler's function, and the branch to where it leaves to. */
export function callRare(code: WasmCode, exits: Exits): void {
  for (const local of [LOCAL.count, LOCAL.cpu, LOCAL.record, LOCAL.record]) code.get(local);
  code.load32(RECORD.handler);
  code.callIndirect(RARE_TYPE);
  code.set(LOCAL.pointer);
  code.const32(0);
  code.load64(8, LAYOUT.scratch + SCRATCH.branchTarget);
  code.set(LOCAL.address);
  code.get(LOCAL.pointer);
  code.branchTable(
    EXITS.map((exit) => exits[exit]),
    exits.self,
  );
}
