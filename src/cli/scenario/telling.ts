import type { Recipe } from '../../judge/prepare.js';
import type { Json } from '../../report/event-json.js';
import { jsonText } from '../../report/json-text.js';
import type { Paint } from '../../report/paint.js';
import { quantity } from '../../report/quantity.js';
import type { LoadedScenario } from '../../scenario/load.js';
import type { Output } from '../io/output.js';
import { headingText } from './heading.js';

/** What is told of variants when all are done. */
interface Ending<Report> {
  readonly reports: readonly Report[];
  readonly exitCode: number;
  /** How the program calls a variant that was not come to: `not checked`; undefined where there is nothing to say. */
  readonly undone: string | undefined;
  /** The last line about several variants. */
  readonly summary: string | undefined;
}

/** How a report becomes an object. */
interface JsonFormat<Report> {
  /** Each is a line, as soon as it is there; in the place of one object at the end. */
  readonly line?: (report: Report) => string;
  readonly schema: string;
  readonly variant: (report: Report) => { readonly [key: string]: Json };
}

/** Tells of the variants of a scenario: as text while they come, or as JSON: a line each, or one object at the end. */
export class Telling<Report> {
  /** Columns of the longest name of a variant. */
  readonly width: number;

  constructor(
    private readonly stdout: Output,
    private readonly loaded: LoadedScenario,
    private readonly recipes: readonly Recipe[],
    readonly paint: Paint,
    /** Absent: text. */
    private readonly json: JsonFormat<Report> | undefined,
  ) {
    this.width = Math.max(...recipes.map((recipe) => recipe.variant?.length ?? 0));
  }

  /** Text, if that is what is told. */
  say(lines: readonly string[]): void {
    if (this.json === undefined) this.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Tells of a variant: in lines of text, or in one of JSON. */
  variant(report: Report, text: () => readonly string[]): void {
    if (this.json === undefined) this.say(text());
    else if (this.json.line !== undefined) this.stdout.write(this.json.line(report));
  }

  begin(): void {
    const { loaded, paint, recipes } = this;
    this.say(headingText(loaded, recipes[0]?.variant, paint));
  }

  end({ reports, exitCode, undone, summary }: Ending<Report>): void {
    const { loaded, json } = this;
    const left = this.recipes.length - reports.length;
    if (left > 0 && undone !== undefined) this.say(['', `interrupted: ${quantity(left, 'variant')} ${undone}`]);
    if (summary !== undefined) this.say(['', summary]);
    if (json === undefined || json.line !== undefined) return;
    const { name, file } = loaded;
    const variants = reports.map(json.variant);
    this.stdout.write(jsonText({ schema: json.schema, scenario: name, file, exitCode, variants }));
  }
}
