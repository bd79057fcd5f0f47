import { SymbolTable } from '../encoder/symbols.js';
import { CodeText } from '../report/code-text.js';
import type { SiteVersions, Subject } from '../report/subject.js';
import { type BuiltScenario, buildScenario } from '../scenario/build/build.js';
import type { LoadedScenario } from '../scenario/load.js';

/** The two backends by name. */
export const BACKENDS = ['wasm', 'bigint'] as const;
/** The name of a backend: what executes instructions. */
export type Backend = (typeof BACKENDS)[number];

/** What it takes to build a machine, again and again. */
export interface Recipe {
  readonly loaded: LoadedScenario;
  readonly variant: string | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly backend: Backend;
  /** In the place of the scenario's own. */
  readonly profile?: string | undefined;
  /** What schedules call the scenario's file; default: by the name of the scenario. */
  readonly sourceName?: string | undefined;
}

/** What a variant is called where people read about it. */
export function nameOf({ variant, loaded }: Recipe): string {
  return variant ?? loaded.name;
}

/** A machine before its first step, and the names for reports about it. */
export interface Prepared {
  readonly built: BuiltScenario;
  readonly subject: Subject;
}

/** @throws InputError for whatever cannot be built. */
export function prepare({ loaded, variant, files, backend, profile }: Recipe): Prepared {
  const built = buildScenario(loaded, {
    files,
    backend,
    ...(variant === undefined ? {} : { variant }),
    ...(profile === undefined ? {} : { profile }),
  });
  return { built, subject: subjectOf(built) };
}

function subjectOf({ scenario, machine, sites, patches, symbolAddresses }: BuiltScenario): Subject {
  const written = scenario.patch.list.flatMap((operation) => operation.patches);
  // Of several names at one address the first is shown: a site goes by its own.
  const siteSymbols = sites.filter(({ symbol }) => symbolAddresses.has(symbol));
  const symbols = [...siteSymbols.map(({ symbol, address }) => [symbol, address] as const), ...symbolAddresses];
  return {
    cpus: scenario.cpus,
    code: new CodeText(new SymbolTable(symbols)),
    patches: written.map(({ site, new: insn }) => ({ site, insn: insn.text.trim() })),
    sites: sites.map(({ symbol, address, length }): SiteVersions => {
      const versions = [machine.memory.bytes(address, length)];
      for (const { bytes } of patches.filter((patch) => patch.address === address)) {
        if (!versions.some((version) => version.every((byte, i) => byte === bytes[i]))) versions.push(bytes);
      }
      return { symbol, address, versions };
    }),
  };
}
