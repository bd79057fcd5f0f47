import type { Algorithm } from '../algorithm.js';
import { installGeneratedStub } from '../stub/install-generated-stub.js';
import { requireStaticCall } from '../stub/static-call.js';

/**
 * Mail 002, the stub as it ends: the handler clears IF in the frame of a CPU whose interrupts are on and lets it go to a
 * second stub, which sets IF again right before its jmp: "the STI shadow will mean that this sequence is
 * uninterruptible".
 */
export const STUB_STI: Algorithm = {
  name: 'stub-sti',
  title: 'text_poke_bp whose handler returns to a generated stub: push, sti, jmp, with IF=0 until the jmp is done',
  require: requireStaticCall,
  install: (environment) => installGeneratedStub(environment, { algorithm: 'stub-sti', sti: 'clears IF' }),
};
