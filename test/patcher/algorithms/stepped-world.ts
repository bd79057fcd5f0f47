import type { Algorithm, PatchEnvironment } from '../../../src/patcher/algorithm.js';
import { ALGORITHMS } from '../../../src/patcher/algorithms.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld, TEXT_BASE } from '../patch-world.js';
import { PROPERTIES } from './world.js';

/** Where the stub lies in {@link steppedWorld}: on a line of its own. */
export const STUB_OFFSET = 0x44n;

/** A built-in algorithm, by name. */
export function builtIn(name: string): Algorithm {
  const algorithm = ALGORITHMS.get(name);
  if (algorithm === undefined) throw new Error(`no algorithm ${name}`);
  return algorithm;
}

/** A patch world, to be stepped by hand, in which an algorithm finds a stub of 64 bytes and everything else that it needs. */
export function steppedWorld(algorithm: Algorithm, setup: Partial<PatchSetup> = {}): PatchWorld {
  let environment: PatchEnvironment | undefined;
  const withStub: Algorithm = {
    ...algorithm,
    install(given) {
      environment = {
        ...given,
        reserved: new Map([['stub', { address: TEXT_BASE + STUB_OFFSET, size: 64 }]]),
        clobbers: new Map([['site', new Set(CALL_CLOBBERS)]]),
      };
      return algorithm.install(environment);
    },
  };
  const world = new PatchWorld({
    asm: `
              .skip 4
      worker:
      site:   call.rel32 f
              jmp.rel8 worker
      f:      ret
      g:      ret
      spin:   jmp.rel8 spin
              .align 64
              .skip 64
      h:      ret`,
    sites: { site: { clobbers: CALL_CLOBBERS, flagClobbers: 0x8d5n } },
    patches: [{ site: 'site', new: 'call.rel32 g' }],
    workers: ['worker'],
    // A patch world knows no detours: a context in a stub would be neither here nor there for site-effect.
    properties: PROPERTIES.filter((name) => name !== 'site-effect'),
    ...setup,
    algorithm: withStub,
  });
  environment?.data.pointGs(world.machine.cpus);
  return world;
}
