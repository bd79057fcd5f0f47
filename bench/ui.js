// What a person meets, measured: prints one JSON object and keeps it in bench/results/ui.json. Rates are of CPU time; ends
// with 1 when one is below its target, or above what it may be at most. A row is {name, unit, value, target?, atMost?}.
import { mkdirSync, writeFileSync } from 'node:fs';
import { stepRows } from './ui/step.js';
import { traceRows } from './ui/trace.js';

const ROWS = [traceRows, stepRows];

const RESULT = new URL('./results/ui.json', import.meta.url);
const rows = [];
for (const measure of ROWS) rows.push(...(await measure()));
const result = { schema: 'xmc.bench-ui/1', node: process.version, rows };
mkdirSync(new URL('.', RESULT), { recursive: true });
const text = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(RESULT, text);
process.stdout.write(text);
process.exitCode = rows.some(({ value, target = value, atMost = value }) => value < target || value > atMost) ? 1 : 0;
