import { quantity } from '../../report/quantity.js';
import { sentence } from '../../report/violation-text.js';
import { fitted, type Row, type Span, span, widthOf } from '../row.js';
import { divergenceText } from '../running.js';
import type { ViewState } from '../view-state.js';
import type { Walk } from '../walk.js';

/** The keys that are shown as long as there is room, the most useful first. */
const HINTS: readonly (readonly [key: string, word: string])[] = [
  ['n', 'step'],
  ['up', 'back'],
  ['e', 'event'],
  ['0-7', 'step CPU'],
  ['o', 'options'],
  ['i', 'interrupt'],
  ['c', 'continue'],
  ['b', 'break'],
  ['q', 'quit'],
  ['/', 'find'],
  ['E', 'previous event'],
  ['g', 'go to'],
  ['z', 'zoom'],
  ['S', 'save'],
];
/** And the one that comes first where a property is violated. */
const WHY = ['v', 'what led here'] as const;

/** What is looked at, and where in it. */
export function titleBar({ timeline, name, built }: Walk, state: ViewState, width: number): Row {
  const { position, length, recorded, isRecorded } = timeline;
  const known = recorded.length === 0 && length === position ? '' : ` of ${length}`;
  const way = recorded.length === 0 ? '' : isRecorded ? '  recorded' : '  left the record (R)';
  const stops = state.stops.length === 0 ? '' : `  ${quantity(state.stops.length, 'stop')}`;
  const left: Row = [
    span(name, 'bold'),
    span('  step '),
    span(String(position), 'bold'),
    span(`${known}${way}${stops}`),
    span(state.run === undefined ? '' : '  running, any key stops it', 'yellow'),
  ];
  const right = span(built.scenario.profile.name, 'dim');
  const gap = width - widthOf(left) - right.text.length;
  return fitted(gap < 2 ? left : [...left, span(' '.repeat(gap)), right], width);
}

/** What has happened: a question, an answer, an error, a violation. */
export function statusBar(walk: Walk, state: ViewState, width: number): Row {
  const { prompt, message } = state;
  const { monitors, divergence } = walk.timeline;
  if (message !== undefined) return fitted([span(message.text, message.kind === 'error' ? 'red' : 'green')], width);
  if (prompt !== undefined) return fitted([span(`e.g. ${prompt.forms}`, 'dim')], width);
  const { violation } = monitors;
  if (violation !== undefined) {
    return fitted([span(`VIOLATED ${violation.property}: `, 'red'), span(sentence(violation))], width);
  }
  return fitted(divergence === undefined ? [] : [span(divergenceText(walk), 'red')], width);
}

/** The line that is typed, or what keys there are. */
export function keyBar({ timeline }: Walk, { prompt, overlay, stops }: ViewState, width: number): Row {
  if (prompt !== undefined) {
    const room = Math.max(1, width - prompt.question.length - 4);
    const typed = prompt.typed.length > room ? prompt.typed.slice(-room) : prompt.typed;
    return fitted([span(`${prompt.question}: `, 'bold'), span(`${typed}_`)], width);
  }
  if (overlay?.kind === 'menu') return fitted(hints([['up down', 'move'], ['Enter', 'take'], ['Esc', 'close']]), width); // biome-ignore format: one line
  if (overlay !== undefined)
    return fitted(
      hints([
        ['up down PgUp PgDn', 'scroll'],
        ['any other', 'close'],
      ]),
      width,
    );
  // Help is there whatever the width.
  const help = hints([['?', 'help']]);
  const chosen: (readonly [string, string])[] = [];
  for (const each of timeline.monitors.violation === undefined ? HINTS : [WHY, ...HINTS]) {
    if (each[0] === 'c' && stops.length === 0) continue;
    if (widthOf(hints([...chosen, each])) + widthOf(help) + 2 <= width) chosen.push(each);
  }
  return fitted([...hints(chosen), span('  '), ...help], width);
}

function hints(pairs: readonly (readonly [string, string])[]): Span[] {
  return pairs.flatMap(([key, word], index) => [
    span(index === 0 ? '' : '  '),
    span(key, 'bold'),
    span(` ${word}`, 'dim'),
  ]);
}
