/*
 * xmc as a library (docs/library.md). First what most programs need: scenarios, and the functions that judge them. Then
 * what these are made of: the machine, schedulers, searches, schedules, the assembler. Nothing here reads files or needs
 * Node, but for the npm package of iced-x86; `xmc/browser` is the same without it.
 */

export { type CheckOptions, check, checkAll } from './api/check.js';
export type {
  CheckResult,
  CheckResultBase,
  Counterexample,
  InconclusiveCheck,
  TraceOptions,
  VerifiedCheck,
  ViolatedCheck,
} from './api/check-result.js';
export { type EventsOptions, events, type RunEvent, type VerdictEvent } from './api/events.js';
export type { AbortOptions, NamedFiles, ProgressOptions, VariantOptions } from './api/options.js';
export {
  type DivergedReplay,
  type InterruptedReplay,
  type ReplayOptions,
  type ReplayResult,
  type ReplayResultBase,
  type ReproducedReplay,
  replay,
} from './api/replay.js';
export type { ResultBase, ToldViolation } from './api/result.js';
export {
  type InconclusiveRun,
  type NoBugFoundRun,
  type RunOptions,
  type RunResult,
  type RunResultBase,
  run,
  type ViolatedRun,
} from './api/run.js';
export { readSchedule, scheduleText } from './api/schedule-text.js';
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
export { type RunEnd, type RunResult as MachineRun, run as runMachine, type WaitingProcedure } from './explore/run.js';
export type { ParsedSchedule } from './explore/schedule-file/parse.js';
export type { Schedule } from './explore/schedule-file.js';
export type { Scheduler } from './explore/scheduler.js';
export type { SchedulerName } from './explore/schedulers.js';
export { Reproducer } from './explore/shrink/reproducer.js';
export { Shrinker } from './explore/shrink/shrinker.js';
export { StarveScheduler } from './explore/starve-scheduler.js';
export { type Verdict, verdictOf, verdictText } from './explore/verdict.js';
export { InputError, type InputErrorDetails, type SourceLocation } from './input-error.js';
export type { Engine } from './judge/check/choice.js';
export type { CheckProgress } from './judge/check/progress.js';
export type { Backend } from './judge/prepare.js';
export type { RunProgress } from './judge/run/run-variant.js';
export type { InstructionEvent, MachineEvent, PatchEvent, TextStoreEvent } from './machine/event.js';
export { Machine } from './machine/machine.js';
export type { MachineConfig } from './machine/machine-config.js';
export type { Observer } from './machine/observer.js';
export { formatStep, parseStep, type Step } from './machine/step.js';
export { Memory } from './memory/memory.js';
export { Monitors } from './property/monitors.js';
export { PROPERTIES } from './property/properties.js';
export type { Violation } from './property/violation.js';
export type { Expected } from './report/run-report.js';
export { type BuildOptions, type BuiltScenario, buildScenario } from './scenario/build/build.js';
export { defineScenario, type ScenarioDefinition } from './scenario/define-scenario.js';
export type { ElfImage } from './scenario/elf/image.js';
export { readElf } from './scenario/elf.js';
export { scenarioJsonSchema } from './scenario/json-schema.js';
export { type LoadedScenario, loadScenario } from './scenario/load.js';
export type { Scenario } from './scenario/scenario.js';
export { PlainSearch } from './search/plain-search.js';
export { firstStuck } from './search/progress.js';
export type { Reduction } from './search/reduction/reductions.js';
export { Search } from './search/search.js';
export type { SearchCounts, SearchEnd, SearchLimits } from './search/search-end.js';
export type { SearchOptions } from './search/search-options.js';
export { shortestWay, type Way } from './search/shortest-way.js';
export { stepsOfWay } from './search/way-steps.js';
