import { render } from 'ink';
import { createElement } from 'react';
import type { Walk } from '../walk.js';
import { App, type Surroundings } from './app.js';

/** What is drawn until somebody quits. */
export interface Drawn {
  /** Resolves when it is over. */
  readonly over: Promise<unknown>;
  readonly end: () => void;
}

/** Draws the stepper on a terminal. */
export function draw(walk: Walk, around: Surroundings, stdout: NodeJS.WriteStream, stdin: NodeJS.ReadStream): Drawn {
  const { waitUntilExit, unmount } = render(createElement(App, { walk, around }), {
    stdout,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 120,
  });
  return { over: waitUntilExit(), end: () => unmount() };
}
