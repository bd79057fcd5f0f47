import { InputError } from '../../input-error.js';
import type { Backend } from '../../judge/prepare.js';
import type { ViewState } from '../../tui/view-state.js';
import { type ColorChoice, paintFor } from '../color.js';
import { load } from '../commands/load.js';
import { EXIT } from '../exit-code.js';
import { isSchedule } from '../io/is-schedule.js';
import { note } from '../io/note.js';
import { STDIN, unreadable } from '../io/read-input.js';
import type { Opened } from './open-walk.js';
import { Screen } from './screen.js';

/** Flags of `xmc step`, as they were given. */
export interface StepOptions {
  readonly variant?: string;
  readonly at?: string;
  readonly backend: Backend;
  readonly color: ColorChoice;
}

/** `xmc step`: goes through an execution in the terminal; without one it prints the trace. Returns the exit code. */
export async function stepCommand(path: string, options: StepOptions): Promise<number> {
  const { variant, at, backend } = options;
  if (path === STDIN) {
    throw new InputError('xmc step has the keyboard on standard input: name a file', {
      hint: 'xmc replay - --trace and xmc run - --trace read from there',
    });
  }
  const recorded = isRecord(path);
  if (recorded && variant !== undefined) throw new InputError('--variant has no meaning with a schedule: it is of one');
  if (!recorded && at !== undefined) throw new InputError('--at has no meaning with a scenario: nothing was recorded');
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env.TERM === 'dumb') {
    return printTrace(path, options, recorded);
  }
  const { openScenario, openSchedule } = await load<typeof import('./open-walk.js')>('../step/open-walk.js');
  const opened = recorded ? await openSchedule(path, backend) : await openScenario(path, variant, backend);
  const view = at === undefined ? undefined : await begin(opened, at);
  return interact(opened, path, options, view);
}

/** @throws InputError */
function isRecord(path: string): boolean {
  try {
    return isSchedule(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Goes to where `--at` says. */
async function begin({ walk }: Opened, at: string): Promise<ViewState> {
  const { arriveAt } = await import('../../tui/arrive-at.js');
  try {
    return arriveAt(walk, at);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`--at: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
  }
}

async function interact(
  opened: Opened,
  path: string,
  { color }: StepOptions,
  view: ViewState | undefined,
): Promise<number> {
  const paint = await paintFor(color, process.stdout);
  forDrawing();
  const { draw } = await import('../../tui/ink/draw.js');
  const { saveSchedule } = await import('./save-schedule.js');
  let crashed: { readonly error: unknown } | undefined;
  const screen = new Screen(() => drawn.end());
  const crash = (error: unknown): void => {
    crashed ??= { error };
    drawn.end();
  };
  const around = {
    paint,
    view,
    crash,
    quit: () => drawn.end(),
    save: (file: string) => saveSchedule(opened, file, path),
  };
  const drawn = draw(opened.walk, around, screen.output, process.stdin);
  try {
    await drawn.over;
  } finally {
    screen.leave();
  }
  if (crashed !== undefined) throw crashed.error;
  return screen.code ?? EXIT.ok;
}

/** What the libraries that draw look for in the environment: not to be slow, and to draw also where CI is set. */
function forDrawing(): void {
  process.env.NODE_ENV = 'production';
  for (const name of Object.keys(process.env)) {
    if (name === 'CI' || name === 'CONTINUOUS_INTEGRATION' || name.startsWith('CI_')) delete process.env[name];
  }
}

/** What there is to see without keys. */
async function printTrace(path: string, { variant, backend, color }: StepOptions, recorded: boolean): Promise<number> {
  note('no terminal: the trace is printed');
  const { TRACE_WIDTH } = await import('../../report/column-trace.js');
  if (recorded) {
    const { replayCommand } = await import('../replay/replay-command.js');
    return replayCommand(path, { trace: STDIN, traceWidth: TRACE_WIDTH, backend, color });
  }
  const { keepNothing, runCommand } = await import('../run/run-command.js');
  const chosen = variant === undefined ? {} : { variant };
  const options = {
    ...chosen,
    scheduler: 'round-robin',
    trace: STDIN,
    traceWidth: TRACE_WIDTH,
    backend,
    color,
  } as const;
  return runCommand(path, options, keepNothing);
}
