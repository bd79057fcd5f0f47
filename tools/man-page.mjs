// Writes man/xmc.1 from the tables of the command line. Needs `npm run build`, whose last step it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { packageVersion } from '../dist/cli/package-version.js';
import { buildProgram } from '../dist/cli/program.js';
import { page } from './man/page.mjs';

mkdirSync(new URL('../man', import.meta.url), { recursive: true });
writeFileSync(
  new URL('../man/xmc.1', import.meta.url),
  page(
    buildProgram(() => {}),
    packageVersion(),
  ),
);
