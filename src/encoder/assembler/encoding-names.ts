import type { OpCodeInfo } from '../iced.js';
import type { Syntax } from '../syntax.js';
import { codeAliases, conditionAliases } from './mnemonic-aliases.js';

/** What iced's formatters call an encoding. */
export interface FormattedNames {
  /** in AT&T syntax, without a size suffix where it can do without */
  readonly bare: string;
  /** in AT&T syntax with the suffix */
  readonly sized: string;
  /** in Intel syntax */
  readonly intel: string;
  /** the condition in it, or empty */
  readonly condition: string;
}

/** What GNU as calls an encoding in one syntax. */
export interface EncodingNames {
  /** as short as can be: registers or memory tell the operand size */
  readonly bare: string;
  /** the name that tells it; the same when there is none */
  readonly sized: string;
  /** these and their synonyms; none when the encoding is not written in this syntax */
  readonly all: readonly string[];
}

/**
 * The names of an encoding.
 *
 * @param isString it is a string instruction, of which there is one for each size.
 */
export function encodingNames(
  info: OpCodeInfo,
  formatted: FormattedNames,
  isString: boolean,
): Readonly<Record<Syntax, EncodingNames>> {
  const { bare, sized, condition } = formatted;
  const all = (syntax: Syntax, names: readonly string[]) =>
    synonyms([...names, ...(codeAliases[syntax].get(info.code) ?? [])], condition);
  // What uses 64 bits by default needs no suffix with memory: push (%rax).
  const unsuffixed = hasUsualSize(info) && bare.endsWith('q') ? [bare.slice(0, -1)] : [];
  const intel = isString ? stringNames(formatted.intel) : intelNames(formatted);
  // "data16 fldenv" is a prefix word and another mnemonic.
  const exists = !intel.bare.includes(' ');
  return {
    att: { bare, sized, all: all('att', [bare, sized, ...unsuffixed]) },
    intel: { ...intel, all: exists ? all('intel', [intel.bare, intel.sized]) : [] },
  };
}

/** Whether an encoding has 64-bit operands without saying so, as `push` and `call` do. */
export function hasUsualSize(info: OpCodeInfo): boolean {
  return info.operandSize === 64 && info.defaultOpSize64;
}

/** `movs` and `movsd`. */
function stringNames(name: string): { bare: string; sized: string } {
  return { bare: name.replace(/[bwdq]$/, ''), sized: name };
}

/** GNU as takes AT&T's suffixes in Intel syntax too, with d for l, unless that is another instruction. */
function intelNames({ intel, sized }: FormattedNames): { bare: string; sized: string } {
  const suffix = sized.startsWith(intel) ? sized.slice(intel.length).replace('l', 'd') : '';
  const isTaken = /^(sh[lr]d|mov[sz]xw|f.*)$/.test(`${intel}${suffix}`);
  return { bare: intel, sized: /^[bwdq]$/.test(suffix) && !isTaken ? `${intel}${suffix}` : intel };
}

function synonyms(names: readonly string[], condition: string): string[] {
  const all = new Set(names);
  for (const name of [...all]) {
    // Plain `mov` takes the 64-bit immediate and address forms when nothing shorter does.
    if (name.startsWith('movabs')) all.add(`mov${name.slice('movabs'.length)}`);
    const parts = /^(j|set|cmov)(.+)$/.exec(name);
    if (parts === null || !(parts[2] ?? '').startsWith(condition)) continue;
    const suffix = (parts[2] ?? '').slice(condition.length);
    for (const alias of conditionAliases[condition] ?? []) all.add(`${parts[1]}${alias}${suffix}`);
  }
  return [...all];
}
