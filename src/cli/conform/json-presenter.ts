import type { Json } from '../../report/event-json.js';
import { jsonText } from '../../report/json-text.js';
import type { Output } from '../io/output.js';
import type { Failure, Presenter } from './report.js';

/** The name and version of the format. */
const CONFORM_SCHEMA = 'xmc.conform/1';

/**
 * One object at the end.
 * @param most failures, and malformed lines, that it holds; all of them are counted
 */
export function jsonPresenter(output: Output, most: number): Presenter {
  const failures: Json[] = [];
  const malformedLines: Json[] = [];
  return {
    failure(failure): void {
      if (failures.length < most) failures.push(failureJson(failure));
    },
    malformed({ message, location }): void {
      if (malformedLines.length >= most) return;
      malformedLines.push({ file: location?.file ?? null, line: location?.line ?? null, message });
    },
    end({ files, backends, tally, malformed, exitCode }): void {
      const result: Json = {
        schema: CONFORM_SCHEMA,
        files,
        backends,
        exitCode,
        tests: tally.tests,
        ...tally.counts,
        malformed,
        failures,
        malformedLines,
        unsupportedReasons: tally.reasonsOf('unsupported'),
        leftOutReasons: tally.reasonsOf('incomparable'),
        mnemonics: tally.byMnemonic().map((counts) => ({ ...counts })),
      };
      output.write(jsonText(result));
    },
  };
}

function failureJson({ vector, file, line, findings }: Failure): Json {
  return {
    name: vector.name,
    file,
    line,
    bytes: Buffer.from(vector.bytes).toString('hex'),
    findings: findings.map(({ backends, mismatches }) => ({
      backends,
      mismatches: mismatches.map((mismatch) => ({ ...mismatch })),
    })),
  };
}
