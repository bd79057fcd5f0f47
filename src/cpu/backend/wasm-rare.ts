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
/** Behind the host's functions and the loop. */
const RARE_FUNCTION = Object.keys(HOST).length + 1;
const EXITS = ['fall', 'taken', 'indirect', 'self'] as const satisfies readonly (keyof Exits)[];

/**
 * A function that executes the record's instruction, one that the loop does not have, and says how it is left; and the
 * functions that it calls, one for each handler. They are apart because V8 compiles a function when it is first called,
 * and again when it is hot: all of them in one cost it two seconds and 86 MB then. It calls them directly, as a table of
 * functions takes 0.2 ms to fill for each interpreter.
 */
export function rareFunctions(handlers: readonly Handler[]): WasmFunction[] {
  const rare = handlers.filter((handler) => !isInLoop(handler));
  const code = new WasmCode();
  const others = code.block();
  const levels = rare.map(() => code.block()).reverse();
  const levelOf = new Map(rare.map((handler, i) => [handler, levels[i]]));
  code.get(LOCAL.record);
  code.load32(RECORD.handler);
  code.branchTable(
    handlers.map((handler) => levelOf.get(handler) ?? others),
    others,
  );
  for (const i of rare.keys()) {
    code.end();
    pushCall(code, RARE_FUNCTION + 1 + i);
    code.op(OP.return);
  }
  code.end();
  code.op(OP.unreachable);
  return [{ type: RARE, locals: [], code }, ...rare.map(rareFunction)];
}

function pushCall(code: WasmCode, index: number): void {
  for (const local of [LOCAL.count, LOCAL.cpu, LOCAL.record]) code.get(local);
  code.call(index);
}

function rareFunction(handler: Handler): WasmFunction {
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
  return { type: RARE, locals: localTypes(RARE[0].length, insn.localsUsed), code };
}

/** Emits, in the loop, a call of that function for the record's instruction, and the branch to where it leaves to. */
export function callRare(code: WasmCode, exits: Exits): void {
  pushCall(code, RARE_FUNCTION);
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
