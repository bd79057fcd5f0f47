import { type Backend, Conformity } from '../../conform/conformity.js';
import { parseVector } from '../../conform/parse-vector.js';
import { type Counts, Tally } from '../../conform/tally.js';
import { InputError } from '../../input-error.js';
import { diagnosticText } from '../../report/diagnostic.js';
import { grouped } from '../../report/quantity.js';
import { type ColorChoice, paintFor } from '../color.js';
import { EXIT } from '../exit-code.js';
import { Interrupt } from '../io/interrupt.js';
import { StandardOutput } from '../io/output.js';
import { Progress } from '../io/progress.js';
import { displayName, STDIN } from '../io/read-input.js';
import { readLines } from '../io/read-lines.js';
import { jsonPresenter } from './json-presenter.js';
import type { Presenter } from './report.js';
import { textPresenter } from './text-presenter.js';

/** Flags of `xmc conform`. */
export interface ConformOptions {
  readonly backend: Backend | 'both';
  readonly all?: boolean;
  readonly byMnemonic?: boolean;
  readonly json?: boolean;
  readonly color: ColorChoice;
}

/** Failures that are shown without --all. */
const SHOWN = 20;
/** Bytes of a line that are read. */
const LINE_BYTES = 16 << 20;
/** Lines between two looks at signals and outputs. */
const SLICE = 256;

/** `xmc conform`: executes recorded tests and compares. Returns the exit code. */
export async function conformCommand(paths: readonly string[], options: ConformOptions): Promise<number> {
  if (paths.filter((path) => path === STDIN).length > 1) throw new InputError('standard input is named twice');
  const backends: readonly Backend[] = options.backend === 'both' ? ['wasm', 'bigint'] : [options.backend];
  const stdout = new StandardOutput();
  const most = options.all ? Number.POSITIVE_INFINITY : SHOWN;
  const presenter = options.json
    ? jsonPresenter(stdout, most)
    : textPresenter(
        stdout,
        { most, byMnemonic: options.byMnemonic === true },
        await paintFor(options.color, process.stdout),
      );
  const errorPaint = await paintFor(options.color, process.stderr);
  const interrupt = new Interrupt();
  const run = new ConformRun(new Conformity(backends), presenter, (error) => {
    process.stderr.write(`${diagnosticText(error, errorPaint).join('\n')}\n`);
  });
  try {
    for (const path of paths) {
      if (interrupt.code !== undefined) break;
      await run.file(path, stdout, interrupt);
    }
    const exitCode = interrupt.code ?? run.exitCode();
    const files = paths.map(displayName);
    presenter.end({ files, backends, tally: run.tally, malformed: run.malformed, exitCode });
    await stdout.finish();
    return exitCode;
  } finally {
    interrupt.close();
  }
}

/** The state of a run over files. */
class ConformRun {
  readonly tally = new Tally();
  malformed = 0;
  private readonly progress = new Progress();
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(
    private readonly conformity: Conformity,
    private readonly presenter: Presenter,
    private readonly complain: (error: InputError) => void,
  ) {}

  /** Runs the tests of a file; what is wrong with it is told, and does not keep others from running. */
  async file(path: string, output: StandardOutput, interrupt: Interrupt): Promise<void> {
    const file = displayName(path);
    await this.tolerate(async () => {
      for await (const { number, bytes } of readLines(path, LINE_BYTES, interrupt.signal)) {
        await this.tolerate(() => this.line(bytes, file, number));
        if (number % SLICE !== 0) continue;
        this.progress.update(() => `${grouped(this.tally.tests)} tests, ${grouped(this.tally.counts.failed)} failed`);
        await output.flush();
        await interrupt.pause();
        if (interrupt.code !== undefined) return;
      }
    });
    this.progress.clear();
  }

  private async tolerate(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.malformed++;
      this.progress.clear();
      this.complain(error);
      this.presenter.malformed(error);
    }
  }

  private line(bytes: Uint8Array | undefined, file: string, line: number): void {
    const text = bytes === undefined ? undefined : this.textOf(bytes, file, line);
    if (text === undefined) throw new InputError(`longer than ${LINE_BYTES} bytes`, { location: { file, line } });
    if (text.trim() === '') return;
    const vector = parseVector(text, file, line);
    const outcome = this.conformity.run(vector);
    this.tally.add(vector, outcome);
    if (outcome.kind !== 'failed') return;
    this.progress.clear();
    this.presenter.failure({ vector, file, line, findings: outcome.findings });
  }

  private textOf(bytes: Uint8Array, file: string, line: number): string {
    try {
      return this.decoder.decode(bytes);
    } catch {
      throw new InputError('not text (UTF-8)', { location: { file, line } });
    }
  }

  /** 2 when not all could be read, else 1 when something failed, else 3 when something could not be compared. */
  exitCode(): number {
    const { passed, failed, unsupported }: Counts = this.tally.counts;
    if (this.malformed > 0) return EXIT.usage;
    if (failed > 0) return EXIT.violation;
    return unsupported > 0 || passed === 0 ? EXIT.inconclusive : EXIT.ok;
  }
}
