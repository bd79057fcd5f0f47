import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { node, Workshop } from './xmc.js';

const workshop = new Workshop();

it('npm start swaps a CRC under four CPUs, then tears a call with memcpy, and says how to replay that', async () => {
  // The example writes its schedule where temporary files go.
  const { code, stdout, stderr } = await node(['examples/crc-t10dif/main.js'], { env: { TMPDIR: workshop.path } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^text_poke_bp {2}160 CRCs on 4 CPUs, 0 of them wrong$/m);
  expect(stdout).toContain('"123456789" gives 0xd0db');
  expect(stdout).toMatch(/ 100 swaps, [1-9][0-9]* #BPs taken, [0-9,]+ IPIs, [0-9,]+ steps/);
  expect(stdout).toContain('which is torn');
  const file = /npx xmc replay (\S+)/.exec(stdout)?.[1] ?? '';
  expect(existsSync(file)).toBe(true);
  const replay = await workshop.xmc(['replay', file]);
  expect(replay.code).toBe(0);
});
