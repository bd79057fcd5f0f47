/** Every order of some things, the one given first. */
export function* permutations<T>(things: readonly T[]): Generator<readonly T[]> {
  if (things.length < 2) {
    yield things;
    return;
  }
  for (const [at, first] of things.entries()) {
    for (const rest of permutations(things.toSpliced(at, 1))) yield [first, ...rest];
  }
}

/** Every order of the members of some runs, the runs staying in their order. */
export function* arrangements<T>([run, ...others]: readonly (readonly T[])[]): Generator<readonly T[]> {
  if (run === undefined) {
    yield [];
    return;
  }
  for (const first of permutations(run)) for (const rest of arrangements(others)) yield [...first, ...rest];
}
