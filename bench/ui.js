// What a person meets, measured: prints one JSON object and keeps it in bench/results/ui.json. Rates are of CPU time; ends
// with 1 when one is below its target. A row is a function that gives {name, unit, value, target?}.
import { mkdirSync, writeFileSync } from 'node:fs';
import { traceRows } from './ui/trace.js';

const ROWS = [traceRows];

const RESULT = new URL('./results/ui.json', import.meta.url);
const rows = ROWS.flatMap((measure) => measure());
const result = { schema: 'xmc.bench-ui/1', node: process.version, rows };
mkdirSync(new URL('.', RESULT), { recursive: true });
const text = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(RESULT, text);
process.stdout.write(text);
process.exitCode = rows.some(({ value, target }) => target !== undefined && value < target) ? 1 : 0;
