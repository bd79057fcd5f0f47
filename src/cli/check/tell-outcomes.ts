import { summaryText } from '../../report/run-text.js';
import { exitCodeOf, worstOf } from '../exit-code.js';
import type { Interrupt } from '../io/interrupt.js';
import type { Output } from '../io/output.js';
import { writeSchedule } from '../run/write-schedule.js';
import type { Telling } from '../scenario/telling.js';
import type { CheckedVariant } from './checked-variant.js';
import type { CounterexampleTraces } from './counterexample-traces.js';
import { type CheckOutcome, VariantFailure } from './variant-failure.js';

/** Where it is told. */
interface Audience {
  readonly telling: Telling<CheckedVariant>;
  /** What is traced of counterexamples. */
  readonly traces: Pick<CounterexampleTraces, 'write'>;
  readonly stdout: Output;
  readonly interrupt: Pick<Interrupt, 'code'>;
}

/**
 * Tells what came of each variant as it comes, and writes the schedules and traces. Returns the exit code.
 * @throws InputError when one of them cannot be written.
 */
export async function tellOutcomes(
  outcomes: AsyncIterable<CheckOutcome>,
  { telling, traces, stdout, interrupt }: Audience,
): Promise<number> {
  const reports: CheckedVariant[] = [];
  const failures: VariantFailure[] = [];
  telling.begin();
  for await (const outcome of outcomes) {
    if (outcome instanceof VariantFailure) {
      failures.push(outcome);
      process.stderr.write(outcome.message);
      telling.say([`${outcome.name.padEnd(telling.width)}  NOT CHECKED  ${outcome.reason}`]);
    } else {
      if (outcome.schedule !== undefined) await writeSchedule(outcome.schedule.file, outcome.schedule.schedule);
      if (outcome.schedule !== undefined) await traces.write(outcome.schedule.schedule);
      reports.push(outcome);
      telling.variant(outcome, () => outcome.text);
    }
    await stdout.flush();
  }
  const exitCode = interrupt.code ?? worstOf([exitCodeOf(reports), ...failures.map((each) => each.exitCode)]);
  const undone = interrupt.code === undefined ? undefined : 'not checked';
  const summary = failures.length > 0 ? undefined : summaryText(reports, telling.paint);
  telling.end({ reports, exitCode, undone, summary });
  await stdout.finish();
  return exitCode;
}
