import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killAndResume } from '../cli/killed.js';
import { ROOT, Workshop } from '../cli/xmc.js';

const shop = new Workshop();

it('A check of several variants that is killed at 30 random instants and resumed says what it says at once', async () => {
  const args = ['check', join(ROOT, 'scenarios/stub.yaml'), '--json'];
  const whole = await shop.xmc(args);
  const schedules = shop.files();
  const written = schedules.map((file) => shop.read(file));
  const { ended, resumed } = await killAndResume({
    args: [...args, '--checkpoint-every', '100'],
    cwd: shop.path,
    kills: 30,
    seed: 2,
    after: [100, 2500],
  });
  expect(whole.code).toBe(0);
  for (const each of ended) expect(each).toEqual(whole);
  expect(schedules.map((file) => shop.read(file))).toEqual(written);
  expect(resumed).toBeGreaterThan(15);
});
