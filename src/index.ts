/*
 * xmc as a library: the machine, scenarios, schedulers, schedules, and the assembler. Nothing here reads files or needs
 * Node, but for the npm package of iced-x86.
 */

export type { FetchRule } from './cpu/fetch.js';
export { VECTOR, vectorName } from './cpu/vector.js';
export { type AsmBlock, type AsmLine, type Assembly, assemble, assembleInstruction } from './encoder/assemble.js';
export {
  type DisassembledInstruction,
  type DisassembleOptions,
  disassemble,
  disassembleOne,
} from './encoder/disassemble.js';
export { type SymbolLookup, type SymbolOffset, SymbolTable } from './encoder/symbols.js';
export { Execution } from './explore/execution.js';
export { type Catch, Hunt, type HuntOptions } from './explore/hunt/hunt.js';
export { placeOfViolation, samePlace } from './explore/hunt/place-of-violation.js';
export { PctScheduler } from './explore/pct-scheduler.js';
export { RandomScheduler } from './explore/random-scheduler.js';
export type { RecordedEnd } from './explore/recorded-end.js';
export { type RecordedRun, type RecordedStep, recordRun } from './explore/recorded-run.js';
export { type Divergence, Replay, type ReplayOutcome } from './explore/replay.js';
export { RoundRobin } from './explore/round-robin.js';
export { type RunEnd, type RunResult, run, type WaitingProcedure } from './explore/run.js';
export { formatSchedule } from './explore/schedule-file/format.js';
export { type ParsedSchedule, parseSchedule } from './explore/schedule-file/parse.js';
export type { FilePacker, Schedule } from './explore/schedule-file.js';
export type { Scheduler } from './explore/scheduler.js';
export { Reproducer } from './explore/shrink/reproducer.js';
export { Shrinker } from './explore/shrink/shrinker.js';
export { StarveScheduler } from './explore/starve-scheduler.js';
export { type Verdict, verdictOf, verdictText } from './explore/verdict.js';
export { InputError, type InputErrorDetails, type SourceLocation } from './input-error.js';
export type { InstructionEvent, MachineEvent, PatchEvent, TextStoreEvent } from './machine/event.js';
export { Machine } from './machine/machine.js';
export type { MachineConfig } from './machine/machine-config.js';
export type { Observer } from './machine/observer.js';
export { formatStep, parseStep, type Step } from './machine/step.js';
export { Memory } from './memory/memory.js';
export { Monitors, PROPERTIES } from './property/monitors.js';
export type { Violation } from './property/violation.js';
export { type BuildOptions, type BuiltScenario, buildScenario } from './scenario/build/build.js';
export { type ElfImage, readElf } from './scenario/elf.js';
export { scenarioJsonSchema } from './scenario/json-schema.js';
export { type LoadedScenario, loadScenario } from './scenario/load.js';
export type { Scenario } from './scenario/scenario.js';
export { PlainSearch } from './search/plain-search.js';
export { firstStuck } from './search/progress.js';
export { Search } from './search/search.js';
export type { SearchCounts, SearchEnd, SearchLimits } from './search/search-end.js';
export type { SearchOptions } from './search/search-options.js';
export { shortestWay, type Way } from './search/shortest-way.js';
export { stepsOfWay } from './search/way-steps.js';
