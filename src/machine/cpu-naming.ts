/** Words of 8 bytes of the simulated kernel's data that name CPUs. */
export interface CpuWords {
  readonly address: bigint;
  /** There is one for each CPU, in the order of their numbers; otherwise one in all. */
  readonly perCpu: boolean;
  /** Each holds a set of CPUs, a bit for each. */
  readonly cpuSet: boolean;
}

/** Where the simulated kernel tells CPUs apart. What names none of them is the same whatever their numbers. */
export interface CpuNaming {
  readonly words: readonly CpuWords[];
  /** CPUs that are treated alike have the same role. */
  readonly roles: readonly string[];
  /** Why CPUs are told apart by something else; undefined if they are not. */
  readonly order: string | undefined;
}

/** CPUs are alike, and nothing names them. */
export const NAMES_NO_CPU: CpuNaming = { words: [], roles: [], order: undefined };
