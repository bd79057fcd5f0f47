import { EXIT } from '../exit-code.js';

/** The alternate screen, as terminals since xterm have it: what was there before comes back. And the cursor again. */
const ENTER = '\u001b[?1049h\u001b[H';
const LEAVE = '\u001b[?25h\u001b[?1049l';
/** Erases what was scrolled out of the screen, which is not ours. */
const ERASE_SCROLLBACK = '\u001b[3J';

/** Signals that end the stepper, and the exit codes that say so. */
const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** The terminal while the stepper has it. However the program ends, the terminal is given back as it was. */
export class Screen {
  /** What ended it: the exit code of a signal. */
  code: number | undefined;
  private readonly handlers: readonly (readonly [NodeJS.Signals | 'exit', () => void])[];
  private entered = true;

  /** @param end is called when a signal comes, or the terminal is gone */
  constructor(private readonly end: () => void) {
    // What is typed from now on is read, and not shown by the terminal itself in the midst of what is drawn.
    process.stdin.setRawMode(true);
    process.stdout.write(ENTER);
    const signals = Object.entries(SIGNALS).map(([name, code]): [NodeJS.Signals, () => void] => [
      name as NodeJS.Signals,
      () => this.stop(code),
    ]);
    this.handlers = [...signals, ['SIGHUP', this.gone], ['exit', () => this.leave()]];
    for (const [name, handler] of this.handlers) process.on(name, handler);
    process.stdin.on('end', this.gone);
    process.stdin.on('error', this.gone);
  }

  /** Standard output for who draws: without what would erase more than the screen. */
  get output(): NodeJS.WriteStream {
    const { stdout } = process;
    const write = (data: string, ...more: unknown[]): boolean =>
      Reflect.apply(stdout.write, stdout, [data.replaceAll(ERASE_SCROLLBACK, ''), ...more]);
    return new Proxy(stdout, {
      get: (target, name) => {
        if (name === 'write') return write;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Gives the terminal back. */
  leave(): void {
    if (!this.entered) return;
    this.entered = false;
    for (const [name, handler] of this.handlers) process.off(name, handler);
    process.stdin.off('end', this.gone);
    process.stdin.off('error', this.gone);
    process.stdout.write(LEAVE);
    try {
      process.stdin.setRawMode(false);
    } catch {
      // The terminal is not there any more.
    }
  }

  /**
   * The terminal went away. Node aborts when it cannot give a terminal back that is not there, so the process ends by the signal
   * itself: whoever waits for it sees 129.
   */
  private readonly gone = (): void => {
    this.leave();
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  };

  private stop(code: number): void {
    // The second one does not wait.
    if (this.code !== undefined) process.exit(code);
    this.code = code;
    this.end();
  }
}
