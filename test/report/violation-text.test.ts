import { describe, expect, it } from 'vitest';
import type { Violation } from '../../src/property/violation.js';
import { PLAIN } from '../../src/report/paint.js';
import type { StepEvents } from '../../src/report/step-events.js';
import { violationText } from '../../src/report/violation-text.js';
import { NEW, OLD, SITE, SUBJECT } from './subject.js';

const text = (violation: Violation, story: readonly StepEvents[] = []): string =>
  `\n${violationText(violation, story, SUBJECT, PLAIN).join('\n')}\n`;

const torn: Violation = {
  property: 'no-torn-instruction',
  cpu: 2,
  step: 16,
  address: SITE,
  bytes: Uint8Array.of(0xe8, 0x3f, 0x51, 0xff, 0x00),
  message: 'CPU 2 executed "e8 3f 51 ff 00" at site: nobody wrote that instruction (whole versions are "e8", "e9")',
  events: [],
};

describe('the text of a violation', () => {
  it('shows which version each byte comes from, and the steps that led there', () => {
    const story: StepEvents[] = [
      {
        step: 16,
        cpu: 2,
        interrupted: undefined,
        events: [
          { kind: 'instruction', cpu: 2, rip: SITE, bytes: torn.bytes, times: [0, 0, 1, 0, 0], exception: undefined },
        ],
      },
    ];
    expect(text(torn, story)).toMatchInlineSnapshot(`
      "
        CPU 2 executed "e8 3f 51 ff 00" at site: nobody wrote that instruction

        executed   e8 3f 51 ff 00   call 0xffffffff82001200 <old+0x1200>
                       A  B
        version A  e8 3f 3f ff 00   call 0xffffffff82000000 <old>
        version B  e8 79 51 ff 00   call 0xffffffff8200123a <new>

        what led there
         step  cpu  where                     bytes                 instruction, or procedure step
           16  ..2  site                      e8 3f 51 ff 00        call old+0x1200
                      => violates no-torn-instruction

      "
    `);
  });

  it('puts an instruction that begins inside the site under its bytes', () => {
    expect(
      text({ ...torn, address: SITE + 1n, bytes: Uint8Array.of(0x79, 0x3f), message: 'inside' }),
    ).toMatchInlineSnapshot(`
      "
        inside

        executed      79 3f         jns 0xffffffff8100c0fe <after+0x3d>
                       B  A
        version A  e8 3f 3f ff 00   call 0xffffffff82000000 <old>
        version B  e8 79 51 ff 00   call 0xffffffff8200123a <new>

      "
    `);
  });

  it('marks bytes of no version', () => {
    expect(text({ ...torn, bytes: Uint8Array.of(0xe8, 0x77, 0x51, 0xff, 0x00), message: 'foreign' })).toContain(
      '\n                 ?  B\n',
    );
  });

  it('does without versions away from a site, and without bytes where none were fetched', () => {
    expect(
      text({ ...torn, address: 0x1000n, bytes: Uint8Array.of(0x90), message: 'elsewhere' }),
    ).toMatchInlineSnapshot(`
      "
        elsewhere

        bytes      90  nop

      "
    `);
    expect(text({ ...torn, bytes: new Uint8Array(), message: 'nothing fetched' })).toMatchInlineSnapshot(`
      "
        nothing fetched

      "
    `);
  });

  it('shows whole versions as what they are', () => {
    for (const [bytes, name] of [
      [OLD, 'old'],
      [NEW, 'new'],
    ] as const) {
      expect(text({ ...torn, bytes, message: 'stale' })).toMatch(new RegExp(`executed .*<${name}>`));
    }
  });
});
