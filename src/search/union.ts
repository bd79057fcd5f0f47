/** All numbers of two lists, each of which is in ascending order. */
export function union(some: readonly number[], others: readonly number[]): readonly number[] {
  if (some.length === 0) return others;
  const all: number[] = [];
  let next = 0;
  for (const one of some) {
    for (let other = others[next]; other !== undefined && other <= one; other = others[++next])
      if (other < one) all.push(other);
    all.push(one);
  }
  for (; next < others.length; next++) all.push(others[next] as number);
  return all;
}
