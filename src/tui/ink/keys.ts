import type { Key as InkKey } from 'ink';
import type { Key } from '../press.js';

/** The keys that have names, as ink tells them. */
const NAMED: readonly (readonly [field: keyof InkKey, name: string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  // What most terminals send for backspace.
  ['delete', 'backspace'],
];

/** What was pressed. Text that is pasted, or typed faster than it is read, is several keys. */
export function keysOf(input: string, key: InkKey): readonly Key[] {
  const named = NAMED.find(([field]) => key[field] === true);
  if (named !== undefined) return [{ name: named[1], text: '' }];
  if (key.ctrl) return [{ name: `ctrl-${input}`, text: '' }];
  return Array.from(input).flatMap((character): Key[] => {
    if (character === '\r' || character === '\n') return [{ name: 'enter', text: '' }];
    if (character === '\u007f' || character === '\b') return [{ name: 'backspace', text: '' }];
    const control = character.charCodeAt(0);
    if (control === 0 || character === '\u001b') return [];
    if (control < 32) return [{ name: `ctrl-${String.fromCharCode(control + 96)}`, text: '' }];
    return [{ name: character === ' ' ? 'space' : character, text: character }];
  });
}
