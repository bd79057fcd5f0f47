import type { SourcePlaces } from '../report/flow.js';
import type { BuiltScenario } from '../scenario/build/build.js';
import type { LoadedScenario } from '../scenario/load.js';

/** Where in its file stands what the CPUs of a scenario do. */
export function sourcePlaces({ scenario, lines }: BuiltScenario, loaded: LoadedScenario): SourcePlaces {
  const patches = scenario.patch.list.flatMap((operation) => operation.patches);
  return {
    line: (address) =>
      lines.find((line) => line.address <= address && address < line.address + BigInt(line.length))?.location,
    patch: (index) => patches[index]?.origin.location,
    algorithm: loaded.locate(['algorithm'], scenario.variant).location,
  };
}
