import { readFileSync } from 'node:fs';
import { Code, CpuidFeature, Instruction } from 'iced-x86';

/**
 * What /proc/cpuinfo calls features that not every x86-64 CPU has; without one the encoding is undefined or another.
 */
const FLAG = {
  ADX: 'adx',
  BMI1: 'bmi1',
  BMI2: 'bmi2',
  CLFLUSHOPT: 'clflushopt',
  CLWB: 'clwb',
  CMPXCHG16B: 'cx16',
  FSGSBASE: 'fsgsbase',
  INVPCID: 'invpcid',
  LZCNT: 'abm',
  MOVBE: 'movbe',
  POPCNT: 'popcnt',
  PREFETCHW: '3dnowprefetch',
  SSE3: 'pni',
  SSE4_1: 'sse4_1',
  SSE4_2: 'sse4_2',
};

/** Flags of this machine's CPU, as Linux names them. */
export function cpuFlags() {
  const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return new Set(line.trim().split(/\s+/));
}

/** The flags that a form needs. */
export function flagsOf({ code }) {
  if (Code[code] === undefined) throw new Error(`no form ${code}`);
  const instruction = new Instruction();
  instruction.code = code;
  const features = Array.from(instruction.cpuidFeatures(), (feature) => CpuidFeature[feature]);
  instruction.free();
  return features.map((feature) => FLAG[feature]).filter((flag) => flag !== undefined);
}
