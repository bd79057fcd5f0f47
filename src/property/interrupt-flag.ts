import { RFLAGS } from '../cpu/flags.js';
import type { Machine } from '../machine/machine.js';
import { registersOfCells } from './expected-effect.js';
import { hexAddress, type Monitor } from './monitor.js';
import type { PassTracker } from './pass-tracker.js';
import type { EndedPass } from './site-pass.js';
import type { Finding } from './violation.js';

/**
 * P9 `interrupt-flag`: IF on reaching the target equals IF at the site. Where a version of the site changes IF itself, what
 * that version gives is right too. The target is where a context comes out of the site, handler frames and detours.
 */
export class InterruptFlag implements Monitor {
  readonly property = 'interrupt-flag';

  constructor(private readonly passes: PassTracker) {}

  after(_cpu: number, machine: Machine): Finding | undefined {
    return this.passes.finding((ended) => (ended.isDirect ? undefined : check(ended, machine)));
  }
}

function check(ended: EndedPass, machine: Machine): Finding | undefined {
  const { pass, site, cpu, registers } = ended;
  const flag = ({ rflags }: { readonly rflags: bigint }): 0 | 1 => ((rflags & RFLAGS.if) === 0n ? 0 : 1);
  const [before, after] = [flag(registersOfCells(pass.entry)), flag(registers)];
  const isOfAVersion = pass.candidates.some((version) => {
    const effect = ended.effect(version);
    return effect !== undefined && flag(effect) === after;
  });
  if (before === after || isOfAVersion) return undefined;
  return {
    cpu,
    address: site.address,
    bytes: machine.memory.bytes(site.address, site.length),
    message: `CPU ${cpu} came from ${site.symbol} to ${hexAddress(registers.rip)} with IF=${after}, but IF was ${before} at the site`,
  };
}
