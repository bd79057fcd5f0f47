import type { SourcePlace } from './source-line.js';
import type { SourceText } from './split-statements.js';

/** `name:` in front of a statement. */
export interface LabelDefinition {
  readonly name: string;
  readonly place: SourcePlace;
}

/** What follows the labels of a statement. */
export type StatementBody =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'assignment'; readonly text: SourceText; readonly name: string; readonly value: SourceText }
  | { readonly kind: 'directive'; readonly text: SourceText; readonly name: string; readonly operands: SourceText }
  | { readonly kind: 'instruction'; readonly text: SourceText };

/** Tells what a statement is, by how it begins. */
export function parseStatement(text: SourceText): { labels: LabelDefinition[]; body: StatementBody } {
  const labels: LabelDefinition[] = [];
  let rest = text;
  for (;;) {
    const match = /^([A-Za-z_.$][\w.$]*|\d+)\s*:/.exec(rest.text);
    if (match === null) break;
    labels.push({ name: match[1] ?? '', place: rest });
    rest = after(rest, match[0].length);
  }
  return { labels, body: bodyOf(rest) };
}

function bodyOf(text: SourceText): StatementBody {
  if (text.text === '') return { kind: 'nothing' };
  const assignment = /^([A-Za-z_.$][\w.$]*)\s*==?(?!=)/.exec(text.text);
  if (assignment !== null) {
    const value = after(text, assignment[0].length);
    return { kind: 'assignment', text, name: assignment[1] ?? '', value };
  }
  const directive = /^\.[\w.]+/.exec(text.text);
  if (directive === null) return { kind: 'instruction', text };
  return { kind: 'directive', text, name: directive[0], operands: after(text, directive[0].length) };
}

function after(text: SourceText, length: number): SourceText {
  const rest = text.text.slice(length);
  const trimmed = rest.trimStart();
  return { source: text.source, offset: text.offset + length + rest.length - trimmed.length, text: trimmed };
}
