import type { Machine } from '../machine/machine.js';
import { hex, type Monitor } from './monitor.js';
import type { PassTracker } from './pass-tracker.js';
import type { EndedPass } from './site-pass.js';
import type { Finding } from './violation.js';

/**
 * P3 `site-effect`: from where a context starts fetching at a site to its first boundary outside site, handler frames and
 * detours, exactly the effect of OLD, NEW or the declared `emulate` happens: RIP, RSP, registers that the site does not
 * clobber, flags that it does not clobber, IF, and what is written to the stack.
 *
 * A version that raises an exception has the effect that the exception's handler has, which cannot be foreseen. A pass in
 * which a CPU executed such a version itself and got its exception is not judged; in any other pass that version is no
 * excuse. Nor is a pass judged when a version is outside the implemented set: nobody can tell what it would have done.
 */
export class SiteEffect implements Monitor {
  readonly property = 'site-effect';

  constructor(private readonly passes: PassTracker) {}

  after(_cpu: number, machine: Machine): Finding | undefined {
    return this.passes.finding((ended) => (ended.isDirect ? undefined : check(ended, machine)));
  }
}

function check(ended: EndedPass, machine: Machine): Finding | undefined {
  const { pass, site, cpu } = ended;
  if (pass.raised) return undefined;
  const differences = pass.candidates.map((version) => ended.difference(version));
  if (differences.some((found) => found === undefined)) return undefined;
  const versions = pass.candidates.map((version, i) => `"${hex(version)}" (${differences[i]})`).join(' nor of ');
  return {
    cpu,
    address: site.address,
    bytes: machine.memory.bytes(site.address, site.length),
    message: `CPU ${cpu} went through ${site.symbol} with neither the effect of ${versions}`,
  };
}
