import type { Algorithm } from '../algorithm.js';
import { installGeneratedStub } from '../stub/install-generated-stub.js';
import { requireStaticCall } from '../stub/static-call.js';

/**
 * Mail 002: "it turns out that even the extra 'do_sync_core()' in #2 is unnecessary, because taking the BP will be
 * serializing on the CPU that takes it". What serialises is the IRET that returns to the stub.
 */
export const STUB_STI_NO_FIRST_SYNC: Algorithm = {
  name: 'stub-sti-no-first-sync',
  title: 'stub-sti without a sync core between the stub and its use',
  require: requireStaticCall,
  install: (environment) =>
    installGeneratedStub(environment, { algorithm: 'stub-sti-no-first-sync', sti: 'clears IF', firstSync: false }),
};
