import { EXIT } from '../exit-code.js';

/** Lets signals, and whatever else waits, come through. */
export async function pause(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Notices Ctrl-C, so that what was found so far can be told. A second one ends the program at once. */
export class Interrupt {
  /** The exit code that the signal asks for; undefined while there was none. */
  code: number | undefined;
  private readonly aborter = new AbortController();
  private readonly onInterrupt = (): void => this.note(EXIT.interrupted);
  private readonly onTerminate = (): void => this.note(EXIT.terminated);

  constructor() {
    process.on('SIGINT', this.onInterrupt);
    process.on('SIGTERM', this.onTerminate);
  }

  private note(code: number): void {
    if (this.code !== undefined) process.exit(code);
    this.code = code;
    this.aborter.abort();
  }

  /** Aborts when the signal comes, for whoever waits for input. */
  get signal(): AbortSignal {
    return this.aborter.signal;
  }

  pause(): Promise<void> {
    return pause();
  }

  close(): void {
    process.off('SIGINT', this.onInterrupt);
    process.off('SIGTERM', this.onTerminate);
  }
}
