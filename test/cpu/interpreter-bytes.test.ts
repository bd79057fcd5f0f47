import { describe, expect, it } from 'vitest';
import { interpreterBytes } from '../../src/cpu/backend/interpreter-bytes.js';
import { interpreterFingerprint } from '../../src/cpu/backend/interpreter-fingerprint.js';
import { PREBUILT } from '../../src/cpu/backend/prebuilt.js';
import { emitInterpreter } from '../../src/cpu/backend/wasm-interpreter.js';
import type { Handler } from '../../src/cpu/definition.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';

/** A few handlers emit fast. */
const FEW = HANDLERS.slice(0, 5);
/** Every byte there is, and no module, so that it is told from one that is emitted. */
const MARKED = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
const marked = (handlers: readonly Handler[]) => ({
  fingerprint: interpreterFingerprint(handlers),
  base64: Buffer.from(MARKED).toString('base64'),
});

describe("the interpreter's module", () => {
  it('is the prebuilt one when that was made of these handlers', () => {
    expect(interpreterBytes(FEW, marked(FEW))).toEqual(MARKED);
  });

  it('is emitted when there is none that is prebuilt', () => {
    expect(PREBUILT).toBeUndefined();
    expect(interpreterBytes(FEW)).toEqual(emitInterpreter(FEW));
    expect(WebAssembly.validate(interpreterBytes(FEW))).toBe(true);
  });

  it.each([
    ['one handler more', HANDLERS.slice(0, 6)],
    ['one handler less', HANDLERS.slice(0, 4)],
    ['another order', [...FEW].reverse()],
    ['another form', change((handler) => ({ ...handler, key: `${handler.key}x` }))],
    ['another use of the first operand', changeDefinition({ shape: { forms: [], sizes: [], dest: 'r' } })],
    ['another meaning', changeDefinition({ meaning: (i) => i.setRegister(7, i.constant(7)) })],
  ])('is emitted when the prebuilt one has %s', (_, others) => {
    expect(interpreterFingerprint(others)).not.toBe(interpreterFingerprint(FEW));
    expect(interpreterBytes(FEW, marked(others))).toEqual(emitInterpreter(FEW));
  });

  it('is told from one of all handlers in which two have changed places', () => {
    const swapped = HANDLERS.toSpliced(7, 2, ...HANDLERS.slice(7, 9).reverse());
    expect(new Set(swapped)).toEqual(new Set(HANDLERS));
    expect(interpreterFingerprint(swapped)).not.toBe(interpreterFingerprint(HANDLERS));
  });

  it('has the same fingerprint each time, of 64 bits', () => {
    expect(interpreterFingerprint(HANDLERS)).toBe(interpreterFingerprint([...HANDLERS]));
    expect(interpreterFingerprint(HANDLERS)).toMatch(/^[0-9a-f]{16}$/);
  });
});

/** The few handlers with the third of them changed. */
function change(how: (handler: Handler) => Handler): Handler[] {
  return FEW.map((handler, index) => (index === 2 ? how(handler) : handler));
}

function changeDefinition(to: Partial<Handler['definition']>): Handler[] {
  return change((handler) => ({ ...handler, definition: { ...handler.definition, ...to } }));
}
