import { PLAIN } from '../../report/paint.js';
import { wrap } from '../../report/safe-text.js';
import { Story } from '../../report/story.js';
import { sentence, violationText } from '../../report/violation-text.js';
import { COMMANDS, type Command } from '../commands.js';
import { block, type Row, row, span } from '../row.js';
import type { Menu, Overlay } from '../view-state.js';
import type { Walk } from '../walk.js';

const GROUPS: Readonly<Record<Command['group'], string>> = {
  go: 'Go through the execution',
  choose: 'Choose what happens next',
  run: 'Run',
  stop: 'Where runs stop',
  look: 'Look',
  leave: 'The record, files, help',
};

/** Steps before a violation that are looked at for its story. */
const STORY_STEPS = 2000;

/** What lies over the panes. */
export function overlayRows(walk: Walk, overlay: Overlay, width: number, height: number): Row[] {
  switch (overlay.kind) {
    case 'menu':
      return menuRows(overlay, width, height);
    case 'help':
      return scrolled(helpRows(width), overlay.from, width, height);
    case 'story':
      return scrolled(storyRows(walk, width), overlay.from, width, height);
  }
}

/** How the keys of a command are written. */
export function keysText({ keys, shown }: Command): string {
  return shown ?? keys.join(' ');
}

/** Columns of the keys. */
const KEYS_WIDTH = 15;

function helpRows(width: number): Row[] {
  return (Object.keys(GROUPS) as Command['group'][]).flatMap((group) => [
    row(GROUPS[group], 'bold'),
    ...COMMANDS.filter((command) => command.group === group).flatMap((command) => {
      const keys = keysText(command).padEnd(KEYS_WIDTH);
      return wrap(command.help, width - KEYS_WIDTH - 2).map(
        (line, index): Row => [span(`  ${index === 0 ? keys : ' '.repeat(KEYS_WIDTH)}`, 'green'), span(line)],
      );
    }),
    [],
  ]);
}

function storyRows({ timeline, subject }: Walk, width: number): Row[] {
  const { monitors, machine, position } = timeline;
  const { violation } = monitors;
  if (violation === undefined) return [];
  const story = new Story();
  for (const done of timeline.doneSteps(position - STORY_STEPS, position)) {
    const events = done.events.filter(
      (event) => event.kind !== 'instruction' || machine.watched.touches(event.rip, Math.max(event.bytes.length, 1)),
    );
    if (events.length > 0) story.take({ ...done, events });
  }
  const lines = violationText(violation, story.leadingTo(violation.cpu), subject, PLAIN);
  // The first lines are the sentence, which is broken as the screen wants it.
  const words = wrap(sentence(violation), width - 2).map((line) => `  ${line}`);
  const rest = lines.slice(lines.indexOf(''));
  return [row(`VIOLATED ${violation.property}`, 'red'), [], ...[...words, ...rest].map((line) => row(line))];
}

function scrolled(rows: readonly Row[], from: number, width: number, height: number): Row[] {
  const first = Math.max(0, Math.min(from, rows.length - height));
  const shown = rows.slice(first, first + height);
  if (first + height >= rows.length) return block(shown, width, height);
  return [...block(shown.slice(0, -1), width, height - 1), ...block([row('  more: down', 'yellow')], width, 1)];
}

function menuRows({ title, items, at, remarks }: Menu, width: number, height: number): Row[] {
  const room = Math.max(1, height - 3 - remarks.length);
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), items.length - room));
  const rows: Row[] = [
    row(title, 'bold'),
    [],
    ...items.slice(first, first + room).map((item, index): Row => {
      const chosen = first + index === at;
      return row(`${chosen ? '> ' : '  '}${item.text}`, chosen ? 'green' : undefined);
    }),
    ...(items.length === 0 ? [row('  nothing', 'dim')] : []),
    ...(first + room < items.length ? [row(`  ${items.length - first - room} more: down`, 'yellow')] : []),
    [],
    ...remarks.map((remark) => row(`  ${remark}`, 'dim')),
  ];
  return block(rows, width, height);
}
