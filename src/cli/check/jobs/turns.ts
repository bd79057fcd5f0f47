/** Where the two numbers lie: the next variant that nobody has begun, and the exit code that a signal asks for. */
const NEXT = 0;
const CODE = 1;

/** Which variant is whose turn, in memory that threads share; and whether there is to be no other one. */
export class Turns {
  static make(count: number): Turns {
    return new Turns(count, new Int32Array(new SharedArrayBuffer(8)));
  }

  constructor(
    private readonly count: number,
    readonly shared: Int32Array<SharedArrayBuffer>,
  ) {}

  /** The next variant, by its number; each is given to one thread. */
  take(): number | undefined {
    const next = this.isOver ? this.count : Atomics.add(this.shared, NEXT, 1);
    return next < this.count ? next : undefined;
  }

  /** Whether no variant is left to be begun. */
  get isOver(): boolean {
    return this.code !== undefined || Atomics.load(this.shared, NEXT) >= this.count;
  }

  /** Ends what is under way, and nothing more is begun. */
  stop(code: number): void {
    Atomics.store(this.shared, CODE, code);
  }

  /** Undefined while nobody has stopped it. */
  get code(): number | undefined {
    const code = Atomics.load(this.shared, CODE);
    return code === 0 ? undefined : code;
  }
}
