import type { Counts, Tally } from '../../conform/tally.js';
import type { Vector } from '../../conform/vector.js';
import { disassemble } from '../../encoder/disassemble.js';
import type { Paint } from '../../report/paint.js';
import { grouped, quantity } from '../../report/quantity.js';
import { safeText } from '../../report/safe-text.js';
import type { Output } from '../io/output.js';
import type { Failure, Presenter, Summary } from './report.js';

/** Instructions of a program that are shown. */
const MOST_INSTRUCTIONS = 8;

/** What to show beside the totals. */
export interface TextOptions {
  /** Failures that are shown in full, and reasons. */
  readonly most: number;
  readonly byMnemonic: boolean;
}

/** For people. */
export function textPresenter(output: Output, { most, byMnemonic }: TextOptions, paint: Paint): Presenter {
  const lines = (text: readonly string[]): void => output.write(text.map((line) => `${line}\n`).join(''));
  let shown = 0;
  return {
    failure(failure): void {
      shown++;
      if (shown <= most) lines([...failureText(failure, paint), '']);
    },
    malformed(): void {},
    end(summary): void {
      const hidden = shown - Math.min(shown, most);
      if (hidden > 0) lines([`${quantity(hidden, 'more failed test')}: --all shows them`, '']);
      if (byMnemonic) lines([...mnemonicTable(summary.tally), '']);
      lines(summaryText(summary, most, paint));
    },
  };
}

function failureText({ vector, file, line, findings }: Failure, paint: Paint): string[] {
  const width = Math.max(...findings.flatMap(({ mismatches }) => mismatches.map(({ what }) => what.length)));
  return [
    `${paint.red('FAILED')} ${paint.bold(safeText(vector.name))}  ${safeText(file)}:${line}`,
    ...codeText(vector),
    ...findings.flatMap(({ backends, mismatches }) => [
      `  on ${backends.join(' and ')}:`,
      ...mismatches.map(({ what, recorded, got }) => `    ${what.padEnd(width)}  recorded ${recorded}, got ${got}`),
    ]),
  ];
}

function codeText({ bytes, initial, until }: Vector): string[] {
  const code = disassemble(bytes, initial.registers.get('rip') ?? 0n);
  const shown = until === 1 ? code.slice(0, 1) : code.slice(0, MOST_INSTRUCTIONS);
  const hex = (part: Uint8Array): string => Buffer.from(part).toString('hex');
  return [
    ...shown.map((insn) => `  ${insn.address.toString(16)}: ${hex(insn.bytes)}  ${insn.text}`),
    ...(until !== 1 && code.length > shown.length
      ? [`  ... ${quantity(code.length - shown.length, 'more instruction')}`]
      : []),
  ];
}

const COLUMNS: readonly (readonly [string, keyof Counts])[] = [
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['unsupported', 'unsupported'],
  ['left out', 'leftOut'],
];

function mnemonicTable(tally: Tally): string[] {
  const rows = tally.byMnemonic();
  const width = Math.max(8, ...rows.map(({ mnemonic }) => mnemonic.length));
  const row = (name: string, cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(11))].join('  ');
  return [
    row(
      'mnemonic',
      COLUMNS.map(([title]) => title),
    ),
    ...rows.map((counts) =>
      row(
        counts.mnemonic,
        COLUMNS.map(([, count]) => grouped(counts[count])),
      ),
    ),
  ];
}

function summaryText({ tally, backends, malformed }: Summary, most: number, paint: Paint): string[] {
  const { passed, failed, unsupported, leftOut } = tally.counts;
  const colour = (count: number, text: string, set: (text: string) => string): string => (count > 0 ? set(text) : text);
  const parts = [
    colour(passed, `${grouped(passed)} passed`, paint.green),
    colour(failed, `${grouped(failed)} failed`, paint.red),
    colour(unsupported, `${grouped(unsupported)} unsupported`, paint.yellow),
    ...(leftOut > 0 ? [`${grouped(leftOut)} left out`] : []),
    ...(malformed > 0 ? [paint.red(`${grouped(malformed)} malformed`)] : []),
  ];
  return [
    `${quantity(tally.tests, 'test')} on ${backends.join(' and ')}: ${parts.join(', ')}`,
    ...reasonsText('unsupported', tally.reasonsOf('unsupported'), most),
    ...reasonsText('left out, because processors differ', tally.reasonsOf('incomparable'), most),
  ];
}

function reasonsText(title: string, reasons: readonly { reason: string; count: number }[], most: number): string[] {
  if (reasons.length === 0) return [];
  const width = grouped(reasons[0]?.count ?? 0).length;
  const shown = reasons.slice(0, most).map(({ reason, count }) => `  ${grouped(count).padStart(width)}  ${reason}`);
  const hidden = reasons.length - shown.length;
  return ['', `${title}:`, ...shown, ...(hidden > 0 ? [`  ${quantity(hidden, 'more reason')}: --all shows them`] : [])];
}
