import { decode } from '../../cpu/decode.js';
import { MAX_INSTRUCTION_LENGTH } from '../../cpu/decoded-instruction.js';
import { RFLAGS } from '../../cpu/flags.js';
import { assembleInstruction } from '../../encoder/assemble.js';
import type { Syntax } from '../../encoder/syntax.js';
import { InputError } from '../../input-error.js';
import type { Patch } from '../../machine/patch.js';
import type { Memory } from '../../memory/memory.js';
import type { PatchBatch } from '../../patcher/patcher-task.js';
import { overlaps, type Site } from '../../property/site.js';
import { evaluateSymbolExpression } from '../expression.js';
import type { PatchOperation, Scenario, Patch as ScenarioPatch, Site as ScenarioSite } from '../scenario.js';
import type { SourceText } from '../source-text.js';
import { at } from './placement.js';

type Symbols = ReadonlyMap<string, bigint>;

/** Finds the sites in the text that is in memory now. */
export function buildSites(scenario: Scenario, memory: Memory, symbols: Symbols): Site[] {
  return scenario.sites.map((site) => {
    const address = evaluateSymbolExpression(site.symbol, symbols, site.origin.location);
    const length = site.length ?? instructionLength(memory, address, site);
    for (let i = 0; i < length; i++) requireText(memory, address + BigInt(i), site);
    return {
      symbol: site.symbol,
      address,
      length,
      clobbers: new Set(site.clobbers),
      flagClobbers: site.flagClobbers.reduce((mask, name) => mask | RFLAGS[name], 0n),
    };
  });
}

function requireText(memory: Memory, address: bigint, site: ScenarioSite): void {
  if (memory.pageAt(address)?.permissions.execute) return;
  throw new InputError(`site ${site.symbol} at 0x${address.toString(16)} is not in executable text`, site.origin);
}

function instructionLength(memory: Memory, address: bigint, site: ScenarioSite): number {
  requireText(memory, address, site);
  const bytes: number[] = [];
  for (let i = 0; i < MAX_INSTRUCTION_LENGTH; i++) {
    if (!memory.pageAt(address + BigInt(i))?.permissions.execute) break;
    bytes.push(...memory.bytes(address + BigInt(i), 1));
  }
  const decoded = decode(Uint8Array.from(bytes));
  if (decoded.kind !== 'instruction') throw new InputError(`no instruction at site ${site.symbol}`, site.origin);
  return decoded.bytes.length;
}

/**
 * The patches of a scenario in order, and which of them go together.
 * @param require refuses a patch that the algorithm cannot apply.
 */
export function buildPatches(
  scenario: Scenario,
  sites: readonly Site[],
  symbols: Symbols,
  require: (patch: Patch) => void = () => {},
): { patches: Patch[]; batches: PatchBatch[] } {
  const { syntax } = scenario;
  const patches: Patch[] = [];
  const batches: PatchBatch[] = [];
  for (const operation of scenario.patch.list) {
    requireApart(operation, sites);
    batches.push({ first: patches.length, count: operation.patches.length });
    for (const patch of operation.patches) {
      const site = siteOf(patch, sites);
      const built = {
        site: patch.site,
        address: site.address,
        bytes: newInstruction(patch.new, site, symbols, syntax),
        emulate: patch.emulate === undefined ? undefined : assembleAt(patch.emulate, site, symbols, syntax),
      };
      at((patch.emulate ?? patch.new).origin, () => require(built));
      patches.push(built);
    }
  }
  return { patches, batches };
}

function siteOf({ site: name, origin }: ScenarioPatch, sites: readonly Site[]): Site {
  const site = sites.find(({ symbol }) => symbol === name);
  if (site === undefined) throw new InputError(`no site ${name}`, origin);
  return site;
}

/** The sites of a batch have no byte in common, whatever they are called. */
function requireApart({ patches }: PatchOperation, sites: readonly Site[]): void {
  const placed = patches.map((patch, index) => ({ patch, index, site: siteOf(patch, sites) }));
  placed.sort((a, b) =>
    a.site.address === b.site.address ? a.index - b.index : a.site.address < b.site.address ? -1 : 1,
  );
  for (const [at, here] of placed.entries()) {
    const below = placed[at - 1];
    if (below === undefined || !overlaps(below.site, here.site.address, here.site.length)) continue;
    const [first, second] = below.index < here.index ? [below, here] : [here, below];
    const message = `site ${second.site.symbol} overlaps site ${first.site.symbol}, which is in the same batch`;
    throw new InputError(message, second.patch.origin);
  }
}

function newInstruction(source: SourceText, site: Site, symbols: Symbols, syntax: Syntax): Uint8Array {
  const bytes = assembleAt(source, site, symbols, syntax);
  if (bytes.length !== site.length) {
    throw new InputError(
      `"${source.text.trim()}" is ${bytes.length} bytes long, but site ${site.symbol} is ${site.length}`,
      {
        ...source.origin,
        hint: 'a patch replaces one instruction by one of the same length; name the form, as in call.rel32',
      },
    );
  }
  return bytes;
}

function assembleAt(source: SourceText, site: Site, symbols: Symbols, syntax: Syntax): Uint8Array {
  return at(source.origin, () => assembleInstruction(source.text, site.address, symbols, { syntax }));
}
