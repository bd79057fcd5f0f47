/** CPUs exchange their names, and with them the tasks that are at home there: what is said of one is said of the other. */
export class Renaming {
  /**
   * @param cpus the new number of each CPU
   * @param tasks the new number of each task
   */
  constructor(
    readonly cpus: readonly number[],
    private readonly tasks: readonly number[],
  ) {}

  get isIdentity(): boolean {
    return this.cpus.every((to, from) => to === from);
  }

  cpu(number: number): number {
    return this.cpus[number] ?? number;
  }

  task(number: number): number {
    return this.tasks[number] ?? number;
  }

  /** Who executes: a task, or as -1 - CPU the idle CPU itself. */
  owner(number: number): number {
    return number >= 0 ? this.task(number) : -1 - this.cpu(-1 - number);
  }

  /** A set of CPUs, as bits; those that do not exist keep their bits. */
  cpuSet(bits: number): number {
    let renamed = (bits >>> this.cpus.length) << this.cpus.length;
    for (let cpu = 0; cpu < this.cpus.length; cpu++) if (((bits >>> cpu) & 1) !== 0) renamed |= 1 << this.cpu(cpu);
    return renamed;
  }
}
