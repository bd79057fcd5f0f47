import type { Handler } from '../definition.js';
import type { WasmCode } from './wasm-code.js';
import { WasmInsn } from './wasm-insn.js';
import { type Exits, LOCAL } from './wasm-locals.js';

/** Handlers of which one function has the code. */
export interface Share {
  readonly handlers: readonly Handler[];
  readonly has: (handler: Handler) => boolean;
}

/**
 * Emits a jump to the code of handler `LOCAL.handler`, and the code of those that a function has. What follows is
 * executed for the others. The code leaves through `exits`.
 * @returns how many locals it needs for values.
 */
export function pushDispatch(code: WasmCode, { handlers, has }: Share, exits: Exits): number {
  const own = handlers.filter(has);
  const others = code.block();
  // A handler's code follows the end of its block; the first one's is the innermost.
  const levels = own.map(() => code.block()).reverse();
  const levelOf = new Map(own.map((handler, i) => [handler, levels[i]]));
  code.get(LOCAL.handler);
  code.branchTable(
    handlers.map((handler) => levelOf.get(handler) ?? others),
    others,
  );
  let values = 0;
  for (const handler of own) {
    code.end();
    const insn = new WasmInsn(handler, exits);
    handler.definition.meaning(insn);
    insn.emit(code);
    values = Math.max(values, insn.localsUsed);
    code.branch(exits.fall);
  }
  code.end();
  return values;
}
