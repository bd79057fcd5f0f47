import type { Algorithm } from '../algorithm.js';
import { installGeneratedStub } from '../stub/install-generated-stub.js';
import { requireStaticCall } from '../stub/static-call.js';

/**
 * Mail 002, the stub as it is first told: So that simple "just generate the stub dynamically" isn't so simple after all.
 * A CPU with interrupts on can take the IPIs of all sync cores, or be rescheduled, between the two instructions of the
 * stub, which is then free for its next use.
 */
export const STUB_PLAIN: Algorithm = {
  name: 'stub-plain',
  title: 'text_poke_bp whose handler returns to a generated stub: push, jmp',
  require: requireStaticCall,
  install: (environment) => installGeneratedStub(environment, { algorithm: 'stub-plain', sti: 'none' }),
};
