import { SymbolTable } from '../../encoder/symbols.js';
import { BUDGETED } from '../../machine/budgets.js';
import { Machine } from '../../machine/machine.js';
import type { Patch } from '../../machine/patch.js';
import { PAGE_SIZE } from '../../memory/layout.js';
import { Memory } from '../../memory/memory.js';
import { KernelData } from '../../patcher/kernel-data.js';
import { patcherTask } from '../../patcher/patcher-task.js';
import { syncCore } from '../../patcher/sync-core.js';
import type { Rules } from '../../profile/rules.js';
import { Monitors } from '../../property/monitors.js';
import type { Site } from '../../property/site.js';
import { compileChecks } from '../expression/compile-checks.js';
import type { LoadedScenario } from '../load.js';
import type { Scenario } from '../scenario.js';
import { algorithmNeeds } from './algorithm-needs.js';
import { aliasPlaces, mapAliases } from './aliases.js';
import { lookUp } from './capabilities.js';
import { buildIdt } from './idt.js';
import { buildImage, type Image, type ImagePart, type ScenarioFiles, type SourceLine } from './image.js';
import { mapIdleStacks, mapNmiStacks } from './map-stacks.js';
import { at, checkPlacement } from './placement.js';
import { buildPatches, buildSites } from './sites.js';
import { placeStacks, stackPlaces } from './stacks.js';
import { startTasks } from './tasks.js';

/** A scenario ready to run. */
export interface BuiltScenario {
  readonly scenario: Scenario;
  readonly machine: Machine;
  readonly monitors: Monitors;
  readonly rules: Rules;
  /** Names of the properties that are checked. */
  readonly properties: readonly string[];
  readonly sites: readonly Site[];
  /** Every patch of the scenario, in order. */
  readonly patches: readonly Patch[];
  readonly symbols: SymbolTable;
  readonly symbolAddresses: ReadonlyMap<string, bigint>;
  /** Where the assembly of the scenario file stands in memory. */
  readonly lines: readonly SourceLine[];
}

/** Of what a scenario is built. */
export interface BuildOptions {
  readonly variant?: string;
  /** Contents of the files that the scenario names. */
  readonly files?: ScenarioFiles;
  readonly backend?: 'wasm' | 'bigint';
  /** A profile in the place of the scenario's own; rules that the scenario overrides stay so. */
  readonly profile?: string;
}

/**
 * Builds the machine of a scenario: memory, CPUs, tasks, the patcher's algorithm, the monitors.
 * @throws {@link InputError} for whatever in the scenario cannot be built, at its place in the file.
 */
export function buildScenario(loaded: LoadedScenario, options: BuildOptions = {}): BuiltScenario {
  const scenario = withProfile(loaded.variant(options.variant), options.profile);
  const { algorithm, rules, properties } = lookUp(loaded, scenario);
  const image = buildImage(scenario, options.files ?? new Map());
  const stacks = placeStacks(scenario);
  checkPlacement([...image.parts, ...aliasPlaces(scenario), ...stackPlaces(stacks)]);
  const memory = new Memory(pagesNeeded(scenario, image));
  for (const part of image.parts) mapPart(memory, part);
  mapAliases(scenario, memory, image.symbols);
  const idleStacks = mapIdleStacks(stacks, memory);
  const sites = buildSites(scenario, memory, image.symbols);
  const { patches, batches } = buildPatches(scenario, sites, image.symbols, algorithm.require);

  const data = new KernelData();
  const sync = syncCore(data, scenario.cpus, scenario.sync);
  const needs = algorithmNeeds(scenario, image, sites, rules);
  const installed = at(loaded.locate(['algorithm'], scenario.variant), () =>
    algorithm.install({ data, cpus: scenario.cpus, sync, patches, order: 'any', ...needs }),
  );
  data.map(memory);
  const patcher = patcherTask(batches, scenario.patch.repeat, installed.apply);
  const symbolAddresses = new Map([...image.symbols, ...data.symbols]);
  const machine = new Machine({
    memory,
    cpus: scenario.cpus,
    rules,
    idt: buildIdt(scenario.handlers, { installed, sync }, image.symbols, memory),
    idleStacks,
    ...(scenario.nmiStack === 'ist' ? { nmiStacks: mapNmiStacks(stacks, memory) } : {}),
    symbols: symbolAddresses,
    procedures: [patcher],
    onKernelEntry: sync.onKernelEntry,
    gracePeriods: installed.gracePeriods,
    naming: data.naming,
    ...(options.backend === undefined ? {} : { backend: options.backend }),
  });
  for (const what of BUDGETED) machine.budgets.set(what, scenario.budgets[what]);
  startTasks(scenario, machine, patcher, image.symbols, stacks);
  data.pointGs(machine.cpus);
  const tasks = new Map(machine.tasks.traits.map(({ name }, number) => [name, number]));
  const checks = compileChecks(scenario.check, { machine, symbols: symbolAddresses, tasks });
  const { ranges, detours = new Map() } = installed;
  const goals = new Set<string>([...installed.goals, ...scenario.goals.add]);
  const waived = new Set(scenario.goals.waive);
  const things = { sites, patches, ranges, detours: [...detours.values()], goals: [...goals], waived, checks };
  const monitors = new Monitors(machine, things, properties);
  const symbols = new SymbolTable(symbolAddresses);
  const { lines } = image;
  return { scenario, machine, monitors, rules, properties, sites, patches, symbols, symbolAddresses, lines };
}

/** What a scenario expects, it expects under its own profile. */
function withProfile(scenario: Scenario, name: string | undefined): Scenario {
  const { profile } = scenario;
  if (name === undefined || name === profile.name) return scenario;
  return { ...scenario, profile: { ...profile, name }, expect: undefined };
}

function mapPart(memory: Memory, { address, size, permissions, bytes, origin }: ImagePart): void {
  at(origin, () => memory.map(address, size, permissions, bytes));
}

/** Pages for the simulated kernel's data. */
const SPARE_PAGES = 16;

function pagesNeeded(scenario: Scenario, image: Image): number {
  const pages = (size: bigint): number => Number(size / BigInt(PAGE_SIZE)) + 2;
  const stacks = scenario.tasks.reduce((sum, { stack }) => sum + pages(BigInt(stack.size)), 0);
  return image.parts.reduce((sum, { size }) => sum + pages(size), stacks + 4 * scenario.cpus + SPARE_PAGES);
}
