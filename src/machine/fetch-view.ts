import type { Machine } from './machine.js';
import type { Step } from './step.js';

/** Whether what a step fetches is what memory holds, or it fetches nothing. */
export function fetchesCurrent({ fetch, cpus }: Machine, step: Step): boolean {
  if (step.kind !== 'instruction' || step.times === undefined || fetch === undefined) return true;
  return fetch.isCurrent(step.cpu, cpus[step.cpu]?.rip ?? 0n, step.times);
}

/** What mapped text may be for a CPU that fetches it: contents as of any one time. */
export function fetchable({ fetch, memory }: Machine, cpu: number, address: bigint, length: number): Uint8Array[] {
  return fetch?.contents(cpu, address, length) ?? [memory.bytes(address, length)];
}
