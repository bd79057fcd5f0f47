/** Process CPU time of a piece of work, in seconds: wall time means nothing on a shared machine. */
export function cpuSeconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The best of several rounds of a rate, in millions a second. `work` returns how much it did. */
export function bestRate(rounds, work) {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    let done = 0;
    const seconds = cpuSeconds(() => {
      done = work();
    });
    best = Math.max(best, done / seconds / 1e6);
  }
  return best;
}
