import { PEERS, ROWS } from './rows.js';

/** The figures of a comparison as a person reads them. */
export function peersTable(result) {
  const programs = Object.keys(result['M steps/s']);
  const widths = programs.map((name) => name.length + 2);
  const line = (title, cells) => `${title.padEnd(62)}${cells.map((cell, i) => cell.padStart(widths[i])).join('')}`;
  const title = (row) => ROWS[row].title(result.unicorn);
  const steps = result['steps after which registers and data are the same'].toLocaleString('en');
  const { program, row, beside, times: wanted, holds } = result.target;
  const against = (peer) => `${result['times Unicorn'][program][peer].toFixed(1)} times ${title(peer)}`;
  return [
    line('M steps/s of CPU time', programs),
    ...Object.keys(ROWS).map((key) =>
      line(
        title(key),
        programs.map((name) => result['M steps/s'][name][key].toFixed(1)),
      ),
    ),
    '',
    line('xmc with as many CPUs : Unicorn', programs),
    ...PEERS.map(([key]) =>
      line(
        title(key),
        programs.map((name) => `${result['times Unicorn'][name][key].toFixed(1)}x`),
      ),
    ),
    '',
    `Both have the same registers and data after ${steps} steps of each program.`,
    `Target ${holds ? 'holds' : 'MISSED'}: on the ${program} xmc is ${against(row)},`,
    `wanted ${wanted}; and ${against(beside)}.`,
    '',
  ].join('\n');
}
