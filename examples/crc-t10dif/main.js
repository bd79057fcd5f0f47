/*
 * The example as a program that uses the library: four CPUs compute CRCs through one call while a patcher swaps what it
 * calls, first with text_poke_bp, then with memcpy. `npm start` runs it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildScenario,
  disassembleOne,
  loadScenario,
  RandomScheduler,
  recordRun,
  runMachine,
  scheduleText,
  VECTOR,
} from '../../dist/index.js';

const read = (name) => readFileSync(new URL(name, import.meta.url));
const loaded = loadScenario(read('crc-t10dif.yaml').toString(), 'crc-t10dif.yaml');
const files = new Map([['crc-t10dif.elf', read('crc-t10dif.elf')]]);
const build = (variant) => buildScenario(loaded, { variant, files });

const WORKERS = [1, 2, 3, 4];
const MOST_SEEDS = 1000;
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** Counts what happens while a machine runs. */
class Counts {
  instructions = 'watched';
  swaps = 0;
  breakpoints = 0;
  ipis = 0;

  observe(event) {
    if (event.kind === 'patch-return') this.swaps++;
    if (event.kind === 'trap' && event.vector === VECTOR.bp) this.breakpoints++;
    if (event.kind === 'ipi-accepted') this.ipis++;
  }
}

/** text_poke_bp: every CRC must be right, and no property violated. */
function swapWithTextPokeBp() {
  const { machine, monitors, scenario, symbolAddresses } = build('text-poke-bp');
  const counts = new Counts();
  machine.observe(counts);
  const scheduler = new RandomScheduler(1);
  const { end, steps } = runMachine(machine, monitors, scheduler, scenario.steps);
  const counters = (name) => {
    const array = symbolAddresses.get(name);
    return WORKERS.reduce((sum, cpu) => sum + Number(machine.memory.read(array + 8n * BigInt(cpu), 8)), 0);
  };
  const check = machine.memory.read(symbolAddresses.get('messages') + 16n, 8);
  const computed = counters('computed');
  const wrong = counters('mismatches');
  console.log(`text_poke_bp  ${grouped(computed)} CRCs on ${WORKERS.length} CPUs, ${wrong} of them wrong
              each was compared with its known value: "123456789" gives 0x${check.toString(16)}
              ${counts.swaps} swaps, ${grouped(counts.breakpoints)} #BPs taken, ${grouped(counts.ipis)} IPIs, ${grouped(steps)} steps (${scheduler.description})
              ${end.kind === 'finished' ? 'no property violated' : `ended with: ${end.kind}`}\n`);
  return end.kind === 'finished' && wrong === 0 && computed > 0;
}

/** memcpy: random schedules until a CPU executes what nobody wrote. */
async function swapWithMemcpy() {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { machine, monitors, scenario, symbols } = build('memcpy');
    const scheduler = new RandomScheduler(seed);
    const { end, schedule } = runMachine(machine, monitors, scheduler, scenario.steps);
    if (end.kind !== 'violated') continue;
    const { property, cpu, address, bytes, step } = end.violation;
    const text = (code) => `${hex(code)}   ${disassembleOne(code, address, { symbols }).text}`;
    const [bitwise, table] = ['crc_t10dif_bitwise', 'crc_t10dif_table'].map((target) => call(address, symbols, target));
    const file = await writeSchedule(schedule, scheduler.description);
    console.log(`memcpy        ${property} violated in execution ${seed}, step ${grouped(step)} (${scheduler.description})
              CPU ${cpu} executed at ${symbols.format(address)}
                  ${text(bytes)}
              which is torn: neither of the two instructions that were ever written there
                  ${text(bitwise)}
                  ${text(table)}
              replay it with
                  npx xmc replay ${file}`);
    return true;
  }
  console.log(`memcpy        no violation in ${MOST_SEEDS} executions`);
  return false;
}

/** The bytes of `call.rel32 target` at an address. */
function call(address, symbols, target) {
  const distance = Number(symbols.address(target) - (address + 5n));
  const bytes = new Uint8Array(5);
  bytes[0] = 0xe8;
  new DataView(bytes.buffer).setInt32(1, distance, true);
  return bytes;
}

/** Records a schedule of the variant memcpy in a file for `xmc replay`, which needs nothing else. */
async function writeSchedule(steps, scheduler) {
  const { machine, monitors } = build('memcpy');
  const schedule = {
    scenario: loaded.name,
    variant: 'memcpy',
    scheduler,
    ...recordRun(machine, monitors, steps),
    source: { name: 'crc-t10dif.yaml', text: loaded.text },
    files,
  };
  const file = join(tmpdir(), 'crc-t10dif.memcpy.schedule');
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, await scheduleText(schedule), { flag: 'wx' });
  renameSync(temporary, file);
  return file;
}

console.log(`${loaded.name}: ${loaded.variant().title}\n`);
const asWanted = [swapWithTextPokeBp(), await swapWithMemcpy()];
process.exitCode = asWanted.every(Boolean) ? 0 : 1;
