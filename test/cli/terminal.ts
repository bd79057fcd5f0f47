import { setTimeout } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { PROGRAM } from './xmc.js';

/** Milliseconds that a busy machine may take. */
const PATIENCE = 30_000;

/** How large a terminal is, and what else a program finds there. */
interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The program in a real terminal: a pty, and an emulator of what stands on its screen. */
export class Terminal {
  /** All that the program has written. */
  raw = '';
  /** The exit code of the program. */
  readonly exited: Promise<number>;
  private readonly pty: IPty;
  private readonly emulator: xterm.Terminal;

  constructor(args: readonly string[], { columns = 80, rows = 24, cwd, env = {} }: TerminalOptions) {
    const { NO_COLOR, FORCE_COLOR, ...outside } = process.env;
    // As on a build machine: it must draw there, too.
    const all = { ...outside, TERM: 'xterm-256color', CI: 'true', ...env };
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.emulator.write('before\r\n');
    this.pty = spawn(process.execPath, [PROGRAM, ...args], { cols: columns, rows, cwd, env: all });
    this.pty.onData((data) => {
      this.raw += data;
      this.emulator.write(data);
    });
    this.exited = new Promise((resolve) => {
      // Of a program that a signal has ended there is no code.
      this.pty.onExit(({ exitCode, signal }) =>
        resolve(signal === undefined || signal === 0 ? exitCode : 128 + signal),
      );
    });
  }

  /** What stands on the screen. */
  get screen(): string {
    const { active } = this.emulator.buffer;
    return Array.from({ length: this.emulator.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    ).join('\n');
  }

  get isAlternate(): boolean {
    return this.emulator.buffer.active.type === 'alternate';
  }

  press(keys: string): void {
    this.pty.write(keys);
  }

  /** Answers the prompt that a key opens, in the place of what it proposes. */
  async answer(key: string, prompt: string, answer: string): Promise<void> {
    this.press(key);
    await this.sees(`${prompt}: `);
    this.press('\u0015');
    await this.sees(`${prompt}: _`);
    this.press(`${answer}\r`);
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.pty.resize(columns, rows);
  }

  signal(name: string): void {
    this.pty.kill(name);
  }

  /** Waits until something stands on the screen. */
  async sees(what: string | RegExp): Promise<void> {
    const isThere = (): boolean => (typeof what === 'string' ? this.screen.includes(what) : what.test(this.screen));
    for (const deadline = Date.now() + PATIENCE; !isThere(); await setTimeout(10)) {
      if (Date.now() > deadline) throw new Error(`${String(what)} is not on the screen:\n${this.screen}`);
    }
  }
}
