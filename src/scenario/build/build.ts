import { SymbolTable } from '../../encoder/symbols.js';
import { InputError } from '../../input-error.js';
import { BUDGETED } from '../../machine/budgets.js';
import { Machine } from '../../machine/machine.js';
import { PAGE_SIZE } from '../../memory/layout.js';
import { Memory } from '../../memory/memory.js';
import { KERNEL_DATA, KernelData } from '../../patcher/kernel-data.js';
import { PLAIN_HANDLERS } from '../../patcher/plain-handlers.js';
import { patcherTask } from '../../patcher/patcher-task.js';
import { CALL_FUNCTION_VECTOR, syncCore } from '../../patcher/sync-core.js';
import { Monitors } from '../../property/monitors.js';
import type { LoadedScenario } from '../load.js';
import type { Scenario } from '../scenario.js';
import { lookUp } from './capabilities.js';
import { buildImage, type Image, type ScenarioFiles } from './image.js';
import { buildPatches, buildSites } from './sites.js';
import { mapIdleStacks, startTasks } from './tasks.js';

/** A scenario ready to run. */
export interface BuiltScenario {
  readonly scenario: Scenario;
  readonly machine: Machine;
  readonly monitors: Monitors;
  readonly symbols: SymbolTable;
  readonly symbolAddresses: ReadonlyMap<string, bigint>;
}

export interface BuildOptions {
  readonly variant?: string;
  /** Contents of the files that the scenario names. */
  readonly files?: ScenarioFiles;
  readonly backend?: 'wasm' | 'bigint';
}

/**
 * Builds the machine of a scenario: memory, CPUs, tasks, the patcher's algorithm, the monitors.
 * @throws {@link InputError} for whatever in the scenario cannot be built, at its place in the file.
 */
export function buildScenario(loaded: LoadedScenario, options: BuildOptions = {}): BuiltScenario {
  const scenario = loaded.variant(options.variant);
  const { algorithm, rules, properties } = lookUp(loaded, scenario);
  const image = buildImage(scenario, options.files ?? new Map());
  const memory = new Memory(pagesNeeded(scenario, image));
  mapImage(memory, image);
  const idleStacks = mapIdleStacks(scenario, memory);
  const sites = buildSites(scenario, memory, image.symbols);
  const { patches, batches } = buildPatches(scenario, sites, image.symbols);

  const data = new KernelData();
  const sync = syncCore(data, scenario.cpus);
  const installed = algorithm.install({ data, cpus: scenario.cpus, sync, patches, order: 'any' });
  data.map(memory);
  const patcher = patcherTask(batches, scenario.patch.repeat, installed.apply);
  const symbolAddresses = new Map([...image.symbols, ...data.symbols]);
  const machine = new Machine({
    memory,
    cpus: scenario.cpus,
    rules,
    idt: new Map([...PLAIN_HANDLERS, ...installed.idt, [CALL_FUNCTION_VECTOR, { procedure: sync.handler }]]),
    idleStacks,
    symbols: symbolAddresses,
    procedures: [patcher],
    ...(options.backend === undefined ? {} : { backend: options.backend }),
  });
  const monitors = new Monitors(machine, { sites, patches, ranges: installed.ranges }, properties);
  for (const what of BUDGETED) machine.budgets.set(what, scenario.budgets[what]);
  startTasks(scenario, machine, patcher, image.symbols);
  return { scenario, machine, monitors, symbols: new SymbolTable(symbolAddresses), symbolAddresses };
}

function mapImage(memory: Memory, image: Image): void {
  for (const { address, size, permissions, bytes, origin, name } of image.parts) {
    try {
      if (address < KERNEL_DATA + KERNEL_DATA_SIZE && KERNEL_DATA < address + size) {
        throw new InputError(`${name} lies where the simulated kernel's data is (0x${KERNEL_DATA.toString(16)})`);
      }
      memory.map(address, size, permissions, bytes);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.message, { ...origin, ...(error.hint === undefined ? {} : { hint: error.hint }) });
    }
  }
}

/** Room for the array of patches and everything else that patchers keep. */
const KERNEL_DATA_SIZE = 0x10000n;
/** Pages for the simulated kernel's data. */
const SPARE_PAGES = 16;

function pagesNeeded(scenario: Scenario, image: Image): number {
  const pages = (size: bigint): number => Number(size / BigInt(PAGE_SIZE)) + 2;
  const stacks = scenario.tasks.reduce((sum, { stack }) => sum + pages(BigInt(stack.size)), 0);
  return image.parts.reduce((sum, { size }) => sum + pages(size), stacks + 2 * scenario.cpus + SPARE_PAGES);
}
