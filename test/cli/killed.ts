import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { Random } from '../cpu/random.js';
import { type Ended, endOf, PROGRAM, xmc } from './xmc.js';

/** Where checks are killed, and how. */
export interface Killing {
  /** The check, without flags of checkpoints. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly kills: number;
  readonly seed: number;
  /** Milliseconds from the start of the process to its end, at least and at most. */
  readonly after: readonly [least: number, most: number];
}

/** What came of it. */
export interface Killed {
  /** How the checks ended that came to their end: at least one. */
  readonly ended: readonly Ended[];
  /** Of the processes that were killed, those that had gone on from a checkpoint. */
  readonly resumed: number;
}

/**
 * Starts a check, kills it (SIGKILL) at a random instant, goes on from its checkpoint, kills that, and so on; a check that
 * came to its end begins again in another directory. The last one is left alone.
 */
export async function killAndResume({ args, cwd, kills, seed, after: [least, most] }: Killing): Promise<Killed> {
  const random = new Random(seed);
  const ended: Ended[] = [];
  let directory = `${cwd}/kept-0`;
  let resumed = 0;
  for (let kill = 0; kill < kills; ) {
    const goesOn = hasCheckpoint(directory);
    const child = start([...args, goesOn ? '--resume' : '--checkpoint', directory], cwd);
    const end = await killedAfter(child, least + random.below(most - least));
    if (end === undefined) {
      kill++;
      if (goesOn) resumed++;
    } else {
      ended.push(end);
      directory = `${cwd}/kept-${ended.length}`;
    }
  }
  const flags = [hasCheckpoint(directory) ? '--resume' : '--checkpoint', directory];
  return { ended: [...ended, await xmc([...args, ...flags], { cwd })], resumed };
}

/** Whether a check has written something to go on from. */
export function hasCheckpoint(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).some((name) => name.endsWith('.checkpoint'));
}

/** Starts the program. */
export function start(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** How a process ends: undefined if it had to be killed. */
function killedAfter(child: ChildProcess, milliseconds: number): Promise<Ended | undefined> {
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  return endOf(child).then((ended) => {
    clearTimeout(timer);
    return ended.code === null ? undefined : ended;
  });
}
