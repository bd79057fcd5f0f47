/**
 * What is measured, by name. `cpus`: how many take turns after every instruction. `how`: Unicorn's, see unicorn.c;
 * absent in xmc's own rows, which log every access. `against`: the row of xmc with as many CPUs.
 */
export const ROWS = {
  xmc: { cpus: 2, title: () => 'xmc, 2 CPUs in turn, access log on' },
  xmcAlone: { cpus: 1, title: () => 'xmc, 1 CPU, access log on' },
  log: {
    ...{ cpus: 2, how: 'log', steps: 1_000_000, against: 'xmc' },
    title: (unicorn) => `Unicorn ${unicorn} count=1, 2 CPUs in turn, memory hooks`,
  },
  step: {
    ...{ cpus: 2, how: 'step', steps: 1_000_000, against: 'xmc' },
    title: (unicorn) => `Unicorn ${unicorn} count=1, 2 CPUs in turn`,
  },
  logAlone: {
    ...{ cpus: 1, how: 'log', steps: 1_000_000, against: 'xmcAlone' },
    title: (unicorn) => `Unicorn ${unicorn} count=1, 1 CPU, memory hooks`,
  },
  stepAlone: {
    ...{ cpus: 1, how: 'step', steps: 1_000_000, against: 'xmcAlone' },
    title: (unicorn) => `Unicorn ${unicorn} count=1, 1 CPU`,
  },
  free: {
    ...{ cpus: 1, how: 'free', steps: 10_000_000, against: 'xmcAlone' },
    title: (unicorn) => `Unicorn ${unicorn} count=10000000, 1 CPU`,
  },
};

/** The rows of Unicorn. */
export const PEERS = Object.entries(ROWS).filter(([, { how }]) => how !== undefined);

/**
 * The target is 20 times Unicorn stepping one CPU with count=1, with every access noted on both sides. With CPUs in turn
 * both are slower, xmc more so, because processors guess dispatch worse: that figure is told beside it.
 */
export const TARGET = { program: '4 KiB random program', row: 'logAlone', beside: 'log', times: 20 };

/** How many times as fast as a row of Unicorn xmc is, with as many CPUs. */
export const times = (rates, row) => rates[ROWS[row].against] / rates[row];
