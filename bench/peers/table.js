const ROWS = {
  xmc: () => 'xmc, 2 CPUs in turn, access log on',
  step: (unicorn) => `Unicorn ${unicorn} count=1, 2 CPUs in turn`,
  log: (unicorn) => `Unicorn ${unicorn} count=1, 2 CPUs in turn, memory hooks`,
  free: (unicorn) => `Unicorn ${unicorn} count=10000000, 1 CPU`,
};

/** The figures of a comparison as a person reads them. */
export function peersTable(result) {
  const programs = Object.entries(result['M steps/s']);
  const widths = programs.map(([name]) => name.length + 2);
  const line = (title, cells) => `${title.padEnd(58)}${cells.map((cell, i) => cell.padStart(widths[i])).join('')}`;
  const times = (how) => programs.map(([, rates]) => `${(rates.xmc / rates[how]).toFixed(1)}x`);
  const steps = result['steps after which registers and data are the same'].toLocaleString('en');
  const { program, times: wanted, holds } = result.target;
  const measured = result['times Unicorn count=1'][program].toFixed(1);
  return [
    line(
      'M steps/s of CPU time',
      programs.map(([name]) => name),
    ),
    ...Object.entries(ROWS).map(([how, title]) =>
      line(
        title(result.unicorn),
        programs.map(([, rates]) => rates[how].toFixed(1)),
      ),
    ),
    line('xmc : Unicorn count=1', times('step')),
    line('xmc : Unicorn count=1 with memory hooks', times('log')),
    line('xmc : Unicorn free running', times('free')),
    '',
    `Both have the same registers and data after ${steps} steps of each program.`,
    `Target ${holds ? 'holds' : 'MISSED'}: ${measured} times Unicorn count=1 on the ${program}, wanted ${wanted}.`,
    '',
  ].join('\n');
}
