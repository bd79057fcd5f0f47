import type { Handler } from '../definition.js';
import { interpreterFingerprint } from './interpreter-fingerprint.js';
import type { Prebuilt } from './prebuilt.js';
import { emitInterpreter } from './wasm-interpreter.js';

/**
 * The interpreter's module for some handlers: the prebuilt one if it was made of just these, else it is emitted, which
 * takes some hundred milliseconds.
 */
export function interpreterBytes(handlers: readonly Handler[], prebuilt?: Prebuilt): Uint8Array<ArrayBuffer> {
  if (prebuilt === undefined || prebuilt.fingerprint !== interpreterFingerprint(handlers)) {
    return emitInterpreter(handlers);
  }
  const text = atob(prebuilt.base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
