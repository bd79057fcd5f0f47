import type { Algorithm } from '../algorithm.js';
import { installGeneratedStub } from '../stub/install-generated-stub.js';
import { requireStaticCall } from '../stub/static-call.js';

/**
 * The stub of mail 002 with a handler that picks the STI stub and leaves IF as it is: STI arms its shadow only where it
 * changes IF from 0 to 1, so that every boundary in the stub can be interrupted.
 */
export const STUB_STI_FORGOT_IF: Algorithm = {
  name: 'stub-sti-forgot-if',
  title: 'stub-sti whose handler forgets to clear IF',
  require: requireStaticCall,
  install: (environment) => installGeneratedStub(environment, { algorithm: 'stub-sti-forgot-if', sti: 'forgets IF' }),
};
