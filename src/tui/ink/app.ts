import { type Key as InkKey, Text, useInput, useStdout } from 'ink';
import { createElement, type ReactElement, useEffect, useRef, useState } from 'react';
import type { Paint } from '../../report/paint.js';
import { press } from '../press.js';
import { rowText } from '../row.js';
import { advance } from '../running.js';
import { complain, FIRST_VIEW, type Request, say, type ViewState } from '../view-state.js';
import { frame, type Size } from '../views/frame.js';
import type { Walk } from '../walk.js';
import { keysOf } from './keys.js';

/** Milliseconds between two steps of a slow run. */
const SLOW = 150;
/** Recorded steps that are done ahead between two looks at the keyboard, and the milliseconds between. */
const AHEAD = { steps: 128, pause: 2 } as const;

/** What the program around does for the stepper. */
export interface Surroundings {
  readonly paint: Paint;
  readonly quit: () => void;
  /** Writes the schedule up to the position; what there is to say of it. Throws InputError. */
  readonly save: (file: string) => Promise<string>;
  /** Something went wrong that must not: the program ends with it. */
  readonly crash: (error: unknown) => void;
  /** What is looked at in the beginning. */
  readonly view?: ViewState | undefined;
}

/** The stepper on a terminal: keys go to the reducer, and what the views make of the state is drawn. */
export function App({ walk, around }: { readonly walk: Walk; readonly around: Surroundings }): ReactElement {
  const size = useSize();
  const [state, setState] = useState<ViewState>(around.view ?? FIRST_VIEW);
  // Several keys may come before React has drawn once: each is to see what the one before it made.
  const latest = useRef(state);
  const show = (next: ViewState): void => {
    latest.current = next;
    setState(next);
  };
  const carefully = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      around.crash(error);
    }
  };
  useInput((input, key) =>
    carefully(() => {
      let next = latest.current;
      for (const pressed of keysOf(input, key as InkKey)) {
        next = press(walk, next, pressed);
        if (next.request !== undefined) serve(next.request);
        next = { ...next, request: undefined };
      }
      show(next);
    }),
  );
  const serve = (request: Request): void => {
    if (request.kind === 'quit') {
      around.quit();
      return;
    }
    around.save(request.file).then(
      (said) => show(say(latest.current, said)),
      (error: unknown) => {
        if (error instanceof Error && error.name === 'InputError') show(complain(latest.current, error.message));
        else around.crash(error);
      },
    );
  };
  useEffect(() => {
    if (state.run === undefined) return undefined;
    const timer = setTimeout(() => carefully(() => show(advance(walk, latest.current))), state.slow ? SLOW : 0);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    // While nobody presses a key the record is gone through, so that its end is near when somebody wants to go there.
    const { timeline } = walk;
    let timer: NodeJS.Timeout | undefined;
    const ahead = (): void => {
      const { divergence } = timeline;
      if (latest.current.run === undefined) timeline.explore(AHEAD.steps);
      if (timeline.divergence !== divergence) show({ ...latest.current });
      if (timeline.done < timeline.length) timer = setTimeout(() => carefully(ahead), AHEAD.pause);
    };
    timer = setTimeout(() => carefully(ahead), AHEAD.pause);
    return () => clearTimeout(timer);
  }, [walk]);
  const lines = frame(walk, state, size).map((spans) => rowText(spans, around.paint));
  return createElement(Text, { wrap: 'truncate' }, lines.join('\n'));
}

/** The terminal without its last row: what fills it whole makes terminals scroll. */
function useSize(): Size {
  const { stdout } = useStdout();
  const sizeNow = (): Size => ({ columns: stdout.columns || 80, rows: (stdout.rows || 24) - 1 });
  const [size, setSize] = useState(sizeNow);
  useEffect(() => {
    const resized = (): void => setSize(sizeNow());
    stdout.on('resize', resized);
    return () => {
      stdout.off('resize', resized);
    };
  }, [stdout]);
  return size;
}
