import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';

process.env.NODE_ENV = 'production';
const { render } = await import('ink-testing-library');
const { createElement } = await import('react');
const { openSchedule } = await import('../../dist/cli/step/open-walk.js');
const { PLAIN } = await import('../../dist/report/paint.js');
const { App } = await import('../../dist/tui/ink/app.js');

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SCENARIO = fileURLToPath(new URL('../../scenarios/call-swap.yaml', import.meta.url));
const STEPS = 10_000;
/** Milliseconds that a person may wait. */
const TARGETS = { firstScreen: 1500, key: 50 };
const KEYS = { down: '\u001b[B', up: '\u001b[A', home: '\u001b[H', end: '\u001b[F', pageUp: '\u001b[5~' };
/** Milliseconds in a tick of /proc/PID/stat: sysconf(_SC_CLK_TCK) is 100 on Linux. */
const TICK = 10;
const FIRST_SCREENS = 5;

/** CPU milliseconds that a process has used. */
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** Starts the program in a terminal and ends it when its last row, the one with the keys, is there. */
function firstScreen(file) {
  return new Promise((resolve) => {
    const start = performance.now();
    const env = { ...process.env, TERM: 'xterm-256color' };
    const terminal = spawn(process.execPath, [CLI, 'step', file], { cols: 120, rows: 40, env });
    let text = '';
    let measured;
    terminal.onData((data) => {
      text += data;
      if (measured !== undefined || !/\?.*help/.test(text)) return;
      measured = { wall: Math.round(performance.now() - start), cpu: cpuOf(terminal.pid) };
      terminal.write('q');
    });
    terminal.onExit(() => resolve(measured));
  });
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const round = (milliseconds) => Math.round(milliseconds * 10) / 10;

function rowsOf(what, samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part) => round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
  return [
    { name: `step, ${what}: median of ${sorted.length} keys`, unit: 'ms', value: at(0.5) },
    { name: `step, ${what}: 99 of 100 keys`, unit: 'ms', value: at(0.99), atMost: TARGETS.key },
  ];
}

/** What a key costs from its arrival to the text on the terminal. */
async function keys(file) {
  const { walk } = await openSchedule(file, 'wasm');
  const nothing = () => {};
  const around = { paint: PLAIN, quit: nothing, save: nothing, crash: (error) => console.error(error) };
  const { stdin, stdout, unmount } = render(createElement(App, { walk, around }));
  const { timeline } = walk;
  // The rest of the record is gone through ahead.
  while (timeline.done < timeline.length) await new Promise((resolve) => setTimeout(resolve, 5));
  const press = async (key) => {
    const { length } = stdout.frames;
    const before = cpu();
    stdin.write(key);
    while (stdout.frames.length === length) await new Promise((resolve) => setImmediate(resolve));
    const spent = cpu() - before;
    stdout.frames.length = 0;
    return spent;
  };
  const many = async (what, count, key) => {
    const samples = [];
    for (let index = 0; index < count; index++) samples.push(await press(key(index)));
    return rowsOf(what, samples);
  };
  await press(KEYS.end);
  if (timeline.position !== timeline.length) throw new Error('the end was not reached');
  const rows = [
    await many('one step back', 1000, () => KEYS.up),
    await many('one step on', 500, () => KEYS.down),
    await many('ten steps back', 200, () => KEYS.pageUp),
    await many('beginning and end in turn', 200, (index) => (index % 2 === 0 ? KEYS.home : KEYS.end)),
    await many('previous event', 200, () => 'E'),
    await many('next event', 200, () => 'e'),
  ].flat();
  unmount();
  return rows;
}

/**
 * How long `xmc step` lets a person wait, in a schedule of 10,000 steps: for the first screen (the best of several, as other
 * programs run beside it), and for a key. Keys are measured in CPU time, which other programs do not change.
 */
export async function stepRows() {
  const workshop = mkdtempSync(join(tmpdir(), 'xmc-bench-'));
  try {
    const file = join(workshop, 'long.schedule');
    const run = ['run', SCENARIO, '--variant', 'text-poke-bp', '--steps', String(STEPS), '--schedule', file];
    spawnSync(process.execPath, [CLI, ...run], { stdio: 'ignore' });
    const screens = [];
    for (let count = 0; count < FIRST_SCREENS; count++) screens.push(await firstScreen(file));
    const best = (kind) => Math.min(...screens.map((screen) => screen[kind]));
    return [
      { name: 'step, first screen', unit: 'ms', value: best('wall'), atMost: TARGETS.firstScreen },
      { name: 'step, first screen: CPU time', unit: 'ms', value: best('cpu') },
      ...(await keys(file)),
    ];
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}
