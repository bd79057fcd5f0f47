import { interruptedText } from '../../report/case-kind.js';
import { caseLines, fileHeading, totalText } from '../../report/case-listing.js';
import type { CaseReport } from '../../report/case-report.js';
import type { TraceLayout } from '../../report/counterexample-text.js';
import type { Paint } from '../../report/paint.js';
import { PLAIN } from '../../report/paint.js';
import { FileOutput, type Output } from '../io/output.js';
import { type Destination, wholeReport } from './reporters.js';

/** What people see of it. */
interface Look {
  readonly paint: Paint;
  readonly layout: TraceLayout;
}

/** Tells what came of cases, through every reporter that is wanted. */
export class CaseTeller {
  readonly reports: CaseReport[] = [];
  private readonly outputs: readonly (Destination & { readonly output: Output })[];

  /** @throws InputError when a file cannot be written: before anything is judged. */
  constructor(
    destinations: readonly Destination[],
    private readonly stdout: Output,
    private readonly look: Look,
  ) {
    const made: (Destination & { readonly output: Output })[] = [];
    this.outputs = made;
    try {
      for (const each of destinations) {
        made.push({ ...each, output: each.file === undefined ? stdout : new FileOutput(each.file) });
      }
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** The cases of a file come. */
  async file(name: string, first: boolean): Promise<void> {
    await this.say((paint) => [...(first ? [] : ['']), fileHeading(name, paint)]);
  }

  /** @param width of the longest name in its file */
  async tell(report: CaseReport, width: number): Promise<void> {
    this.reports.push(report);
    await this.say((paint) => caseLines(report, width, paint, this.look.layout));
  }

  /** Everything was told; files appear under their names. @param left how many files were not come to */
  async finish(left: number): Promise<void> {
    await this.say((paint) => ['', ...(left === 0 ? [] : [interruptedText(left)]), totalText(this.reports, paint)]);
    for (const { reporter, output } of this.outputs) {
      if (reporter !== 'text') output.write(wholeReport(reporter, this.reports, left));
      if (output !== this.stdout) await output.finish();
    }
    await this.stdout.finish();
  }

  /** Leaves no file behind that is not whole. */
  discard(): void {
    for (const { output } of this.outputs) if (output !== this.stdout) output.discard();
  }

  private async say(lines: (paint: Paint) => readonly string[]): Promise<void> {
    for (const { reporter, output } of this.outputs) {
      if (reporter !== 'text') continue;
      const paint = output === this.stdout ? this.look.paint : PLAIN;
      output.write(
        lines(paint)
          .map((line) => `${line}\n`)
          .join(''),
      );
      await output.flush();
    }
  }
}
