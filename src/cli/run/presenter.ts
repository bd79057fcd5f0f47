import type { Json } from '../../report/event-json.js';
import { jsonText } from '../../report/json-text.js';
import type { Paint } from '../../report/paint.js';
import { RUN_SCHEMA, variantJson } from '../../report/run-json.js';
import type { VariantReport } from '../../report/run-report.js';
import { summaryText, variantText } from '../../report/run-text.js';
import { verdictLine } from '../../report/trace/verdict-line.js';
import type { LoadedScenario } from '../../scenario/load.js';
import type { Output } from '../io/output.js';

import { headingText } from '../scenario/heading.js';

/** Tells the results of `xmc run`, each as soon as it is there. */
export interface Presenter {
  begin(): void;
  variant(report: VariantReport): void;
  end(reports: readonly VariantReport[], exitCode: number): void;
}

/** For people. */
export function textPresenter(
  loaded: LoadedScenario,
  variants: readonly (string | undefined)[],
  output: Output,
  paint: Paint,
): Presenter {
  const width = Math.max(...variants.map((name) => name?.length ?? 0));
  const lines = (text: readonly string[]): void => output.write(text.map((line) => `${line}\n`).join(''));
  return {
    begin(): void {
      lines(headingText(loaded, variants[0], paint));
    },
    variant: (report) => lines(variantText(report, width, paint)),
    end(reports): void {
      const summary = summaryText(reports, paint);
      if (summary !== undefined) lines([...(reports.at(-1)?.schedule === undefined ? [''] : []), summary]);
    },
  };
}

/** One object at the end. */
export function jsonPresenter({ name, file }: LoadedScenario, output: Output): Presenter {
  return {
    begin(): void {},
    variant(): void {},
    end(reports, exitCode): void {
      const result: Json = { schema: RUN_SCHEMA, scenario: name, file, exitCode, variants: reports.map(variantJson) };
      output.write(jsonText(result));
    },
  };
}

/** A line for each variant, behind the events of its executions. */
export function jsonlPresenter(output: Output): Presenter {
  return {
    begin(): void {},
    variant: (report) => output.write(verdictLine(variantJson(report))),
    end(): void {},
  };
}
