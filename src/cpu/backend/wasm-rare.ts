import { LAYOUT, SCRATCH } from '../../memory/layout.js';
import type { Handler } from '../definition.js';
import { RECORD } from '../record.js';
import { isInLoop } from './loop-handlers.js';
import { type FunctionType, I32, OP, WasmCode, type WasmFunction } from './wasm-code.js';
import { pushDispatch } from './wasm-dispatch.js';
import { type Exits, HOST, LOCAL, localTypes } from './wasm-locals.js';

/** Its parameters are the first locals of the interpreter's loop; its result is a number of {@link EXITS}. */
const RARE: FunctionType = [[I32, I32, I32], [I32]];
const RARE_FUNCTION = Object.keys(HOST).length + 1;
const EXITS = ['fall', 'taken', 'indirect', 'self'] as const satisfies readonly (keyof Exits)[];

/** A function that executes the record's instruction, one that the loop does not have, and says how it is left. */
export function rareFunction(handlers: readonly Handler[]): WasmFunction {
  const code = new WasmCode();
  code.get(LOCAL.record);
  code.load32(RECORD.handler);
  code.set(LOCAL.handler);
  const done = code.block();
  const levels = [...EXITS].reverse().map((exit) => [exit, code.block()] as const);
  const exits = Object.fromEntries(levels) as Record<(typeof EXITS)[number], number>;
  const values = pushDispatch(code, { handlers, has: (handler) => !isInLoop(handler) }, exits);
  code.op(OP.unreachable);
  for (const number of EXITS.keys()) {
    code.end();
    code.const32(number);
    code.set(LOCAL.count);
    code.branch(done);
  }
  code.end();
  code.const32(0);
  code.get(LOCAL.address);
  code.store64(8, LAYOUT.scratch + SCRATCH.branchTarget);
  code.get(LOCAL.count);
  return { type: RARE, locals: localTypes(RARE[0].length, values), code };
}

/** Emits, in the loop, a call of that function for the record's instruction, and the branch to where it leaves to. */
export function callRare(code: WasmCode, exits: Exits): void {
  for (const local of [LOCAL.count, LOCAL.cpu, LOCAL.record]) code.get(local);
  code.call(RARE_FUNCTION);
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
