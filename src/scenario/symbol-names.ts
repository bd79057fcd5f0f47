import { type AsmBlock, assemble } from '../encoder/assemble.js';
import { InputError } from '../input-error.js';
import { kernelSymbolNames } from '../patcher/kernel-symbols.js';
import { limits } from './limits.js';
import type { Scenario } from './scenario.js';

/** Which symbols the variants of a scenario have. Assembly that several have alike is read once. */
export class SymbolNames {
  private readonly known = new Map<string, readonly string[] | undefined>();
  private charactersLeft: number = limits.namesFrom;

  /**
   * The names of a scenario's symbols, those of the simulated kernel included; undefined where they are not known before
   * the scenario is built: ELF files bring their own, and wrong assembly has none.
   */
  of({ text, data, syntax, cpus }: Scenario): ReadonlySet<string> | undefined {
    const regions = [...text, ...data].flatMap((region) => (region.kind === 'elf' ? [] : [region]));
    if (regions.length < text.length + data.length) return undefined;
    const blocks = regions.flatMap((region): AsmBlock[] =>
      region.kind === 'asm' ? [{ base: region.base, source: region.asm.text, syntax }] : [],
    );
    const named = regions.flatMap(({ name, base }) => (name === undefined ? [] : [[name, base] as const]));
    const labels = this.labels(blocks, new Map(named));
    return labels && new Set([...labels, ...named.map(([name]) => name), ...kernelSymbolNames(cpus)]);
  }

  private labels(blocks: readonly AsmBlock[], outside: ReadonlyMap<string, bigint>): readonly string[] | undefined {
    const parts = [...blocks.flatMap(({ base, source, syntax }) => [base, source, syntax]), ...[...outside].flat()];
    const key = JSON.stringify(parts.map(String));
    if (!this.known.has(key)) this.known.set(key, this.read(blocks, outside));
    return this.known.get(key);
  }

  private read(blocks: readonly AsmBlock[], outside: ReadonlyMap<string, bigint>): readonly string[] | undefined {
    this.charactersLeft -= blocks.reduce((sum, { source }) => sum + source.length, 0);
    if (this.charactersLeft < 0) return undefined;
    try {
      return [...assemble(blocks, outside).symbols.keys()];
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
}
