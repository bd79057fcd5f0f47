import { deliverable, heldBack } from './interrupts.js';
import { choose, openMenu, withMenu } from './menus.js';
import { finish, goTo, jump, select, stepCpu } from './moves.js';
import { ask } from './prompts.js';
import { A_BREAKPOINT, ANY_EVENT, begin, divergenceText, whyNoStep } from './running.js';
import { find } from './searching.js';
import { arrived, stepTo } from './stepping.js';
import { BREAKPOINT_FORMS, parseBreakpoint, parseWatch, WATCH_FORMS } from './stops.js';
import { complain, type MenuItem, say, type ViewState } from './view-state.js';
import { ANY, enabledSteps, nextStep, type Source, type Walk } from './walk.js';

/** What a key does. */
export interface Command {
  /** As {@link Key} names them; the first is the one that hints show. */
  readonly keys: readonly string[];
  /** How the keys are written for people, if not as they are. */
  readonly shown?: string;
  readonly group: 'go' | 'run' | 'choose' | 'stop' | 'look' | 'leave';
  readonly help: string;
  readonly run: (walk: Walk, state: ViewState, key: string) => ViewState;
}

/** Steps of a page. */
const PAGE = 10;

/** Every key of the stepper, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    keys: ['down', 'n', 'space'],
    shown: 'down n space',
    group: 'go',
    help: 'the next step: the recorded one, or behind the last of them every CPU in turn',
    run: (walk, state) => {
      const step = nextStep(walk, ANY);
      return step === undefined ? whyNoStep(walk, state) : stepTo(walk, state, step);
    },
  },
  {
    keys: ['up', 'backspace'],
    shown: 'up backspace',
    group: 'go',
    help: 'one step back',
    run: (walk, state) => (walk.timeline.back() ? arrived(walk, state) : say(state, 'this is the beginning')),
  },
  {
    keys: ['pagedown'],
    shown: 'PgDn',
    group: 'go',
    help: `${PAGE} steps on`,
    run: (walk, state) => {
      for (let left = PAGE; left > 0; left--) {
        const step = nextStep(walk, ANY);
        if (step === undefined) return whyNoStep(walk, state);
        const { position } = walk.timeline;
        walk.timeline.forward(step);
        if (walk.timeline.position === position) return complain(state, divergenceText(walk));
      }
      return arrived(walk, state);
    },
  },
  {
    keys: ['pageup'],
    shown: 'PgUp',
    group: 'go',
    help: `${PAGE} steps back`,
    run: (walk, state) => goTo(walk, state, walk.timeline.position - PAGE),
  },
  {
    keys: ['home', '<'],
    shown: 'Home <',
    group: 'go',
    help: 'the beginning',
    run: (walk, state) => goTo(walk, state, 0),
  },
  {
    keys: ['end', '>'],
    shown: 'End >',
    group: 'go',
    help: 'the end of the known steps',
    run: (walk, state) => goTo(walk, state, walk.timeline.length),
  },
  {
    keys: ['g'],
    group: 'go',
    help: 'go to a position: 37, +5, -5, end',
    run: (_walk, state) => ask(state, 'go to', '37, +5, -5, end', (typed, walk, now) => jump(walk, now, typed)),
  },
  {
    keys: ['0', '1', '2', '3', '4', '5', '6', '7'],
    shown: '0 to 7',
    group: 'choose',
    help: 'a step of that CPU; if it may do several things, a choice of them',
    run: (walk, state, key) => stepCpu(walk, state, Number(key)),
  },
  {
    keys: ['s', 'enter'],
    shown: 's Enter',
    group: 'choose',
    help: 'a step of the selected CPU',
    run: (walk, state) => stepCpu(walk, state, state.selected),
  },
  {
    keys: ['p'],
    group: 'choose',
    help: 'a step of a procedure, one of those that can go on',
    run: (walk, state) => {
      const steps = enabledSteps(walk).filter(({ kind }) => kind === 'procedure');
      if (steps.length === 0) return complain(state, 'no procedure can go on now');
      return choose(walk, state, 'Which procedure does its next step?', steps);
    },
  },
  {
    keys: ['i'],
    group: 'choose',
    help: 'an interrupt, NMI or machine check for the selected CPU, where it may come in',
    run: (walk, state) => {
      const { selected } = state;
      const steps = deliverable(walk, selected);
      return openMenu(walk, state, `What comes in on CPU ${selected}?`, steps, heldBack(walk, selected));
    },
  },
  {
    keys: ['o'],
    group: 'choose',
    help: 'everything that may happen now: which bytes a fetch returns, interrupts, task switches',
    run: (walk, state) => {
      const steps = enabledSteps(walk);
      return steps.length === 0 ? whyNoStep(walk, state) : openMenu(walk, state, 'What happens next?', steps, []);
    },
  },
  {
    keys: ['e'],
    group: 'run',
    help: 'run to the next event: trap, IPI, store to text, execution of a site, end of a procedure, violation',
    run: (walk, state) =>
      begin(walk, state, { goal: 'the next event', direction: 'forward', source: ANY, stops: [ANY_EVENT] }),
  },
  {
    keys: ['E'],
    group: 'run',
    help: 'run back to the previous event',
    run: (walk, state) =>
      begin(walk, state, { goal: 'the previous event', direction: 'back', source: ANY, stops: [ANY_EVENT] }),
  },
  {
    keys: ['u'],
    group: 'run',
    help: 'the selected CPU alone runs to its next event',
    run: (walk, state) => {
      const source: Source = { kind: 'cpu', cpu: state.selected };
      return begin(walk, state, { goal: 'the next event', direction: 'forward', source, stops: [ANY_EVENT] });
    },
  },
  {
    keys: ['f'],
    group: 'run',
    help: 'the selected CPU alone runs until its handler or procedure is over',
    run: (walk, state) => finish(walk, state),
  },
  {
    keys: ['c'],
    group: 'run',
    help: 'run to the next breakpoint, or to the end',
    run: (walk, state) =>
      begin(walk, state, { goal: A_BREAKPOINT, direction: 'forward', source: ANY, stops: state.stops }),
  },
  {
    keys: ['C'],
    group: 'run',
    help: 'run back to the previous breakpoint, or to the beginning',
    run: (walk, state) =>
      begin(walk, state, { goal: A_BREAKPOINT, direction: 'back', source: ANY, stops: state.stops }),
  },
  {
    keys: ['a'],
    group: 'run',
    help: 'run slowly, every step is drawn; any key ends it',
    run: (walk, state) =>
      begin(walk, state, { goal: A_BREAKPOINT, direction: 'forward', source: ANY, stops: state.stops }, true),
  },
  {
    keys: ['b'],
    group: 'stop',
    help: 'a breakpoint: an address or symbol, on EVENT, if CONDITION',
    run: (_walk, state) =>
      ask(state, 'break at', BREAKPOINT_FORMS, (typed, walk, now) => {
        const stop = parseBreakpoint(typed, walk);
        return say({ ...now, stops: [...now.stops, stop] }, `breakpoint: ${stop.text}; c runs to it, C back to it`);
      }),
  },
  {
    keys: ['w'],
    group: 'stop',
    help: 'watch memory: a run stops when it changes',
    run: (_walk, state) =>
      ask(state, 'watch', WATCH_FORMS, (typed, walk, now) => {
        const stop = parseWatch(typed, walk, now.selected);
        return say({ ...now, stops: [...now.stops, stop] }, `watched: ${stop.text}; c runs to a change, C back to one`);
      }),
  },
  {
    keys: ['d'],
    group: 'stop',
    help: 'delete a breakpoint or watch',
    run: (_walk, state) => {
      if (state.stops.length === 0) return say(state, 'there are no breakpoints and watches; b and w make them');
      const items = state.stops.map(
        (stop, index): MenuItem => ({
          text: `${stop.kind.padEnd(9)} ${stop.text}`,
          pick: (_same, now) => say({ ...now, stops: now.stops.toSpliced(index, 1) }, `deleted: ${stop.text}`),
        }),
      );
      return withMenu(state, { kind: 'menu', title: 'Which one is deleted?', items, at: 0, remarks: [] });
    },
  },
  {
    keys: ['/'],
    group: 'look',
    help: 'search the known steps for a text',
    run: (_walk, state) =>
      ask(state, 'search', 'a symbol, mnemonic, label or note: #BP, iretq, stub', (typed, walk, now) =>
        typed === '' ? now : find(walk, { ...now, search: typed }, 'forward'),
      ),
  },
  { keys: ['.'], group: 'look', help: 'the next match', run: (walk, state) => find(walk, state, 'forward') },
  { keys: [','], group: 'look', help: 'the previous match', run: (walk, state) => find(walk, state, 'back') },
  {
    keys: ['right', 'tab'],
    shown: 'right Tab',
    group: 'look',
    help: 'select the next CPU',
    run: (walk, state) => select(walk, state, 1),
  },
  {
    keys: ['left'],
    group: 'look',
    help: 'select the CPU before',
    run: (walk, state) => select(walk, state, -1),
  },
  {
    keys: ['z'],
    group: 'look',
    help: 'the selected CPU alone on the screen, with all of its registers, and back',
    run: (_walk, state) => ({ ...state, zoomed: !state.zoomed }),
  },
  {
    keys: ['v'],
    group: 'look',
    help: 'the violation, and what led there',
    run: ({ timeline }, state) =>
      timeline.monitors.violation === undefined
        ? say(state, 'no property is violated here')
        : { ...state, overlay: { kind: 'story', from: 0 } },
  },
  {
    keys: ['R'],
    group: 'leave',
    help: 'back to the recorded schedule, from where it was left',
    run: ({ timeline }, state) => {
      if (timeline.recorded.length === 0) return say(state, 'there is no record: this is a scenario');
      timeline.followRecord();
      return say(state, `the recorded schedule again, ${timeline.recorded.length} steps`);
    },
  },
  {
    keys: ['S'],
    group: 'leave',
    help: 'save the schedule so far, for xmc replay',
    run: ({ fileName, timeline }, state) => {
      const save = (file: string, _walk: Walk, now: ViewState): ViewState =>
        file === '' ? complain(now, 'no file was named') : { ...now, request: { kind: 'save', file } };
      return ask(state, 'save to', 'a file; an older schedule is replaced', save, fileName(timeline.position));
    },
  },
  {
    keys: ['?', 'h'],
    group: 'leave',
    help: 'this help',
    run: (_walk, state) => ({ ...state, overlay: { kind: 'help', from: 0 } }),
  },
  {
    keys: ['q', 'ctrl-c'],
    shown: 'q Ctrl-C',
    group: 'leave',
    help: 'quit',
    run: (_walk, state) => ({ ...state, request: { kind: 'quit' } }),
  },
];
