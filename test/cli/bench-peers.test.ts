import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { node, ROOT, Workshop } from './xmc.js';

const BENCH = join(ROOT, 'bench/peers/run.js');
const INSTALL = 'hint: apt-get install gcc libc6-dev libunicorn-dev\n';

describe.concurrent('npm run bench:peers', () => {
  const workshop = new Workshop();

  it('ends with 3 and names the package when there is no C compiler', async () => {
    const CC = join(workshop.path, 'missing-compiler');
    expect(await node([BENCH], { env: { CC } })).toEqual({
      code: 3,
      stdout: '',
      stderr: `bench:peers: no C compiler: '${CC}' does not run\n${INSTALL}`,
    });
  });

  it('ends with 3 and names the package when the compiler finds no Unicorn', async () => {
    // A compiler that is there, and that compiles nothing.
    const CC = join(workshop.path, workshop.write('cc', '#!/bin/sh\ntest "$1" = --version\n'));
    chmodSync(CC, 0o755);
    expect(await node([BENCH], { env: { CC } })).toEqual({
      code: 3,
      stdout: '',
      stderr: `bench:peers: '${CC}' finds no unicorn/unicorn.h or no libunicorn\n${INSTALL}`,
    });
  });
});
