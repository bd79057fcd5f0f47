import type { SyncReach } from '../patcher/sync-reach.js';
import type { ResolveContext } from './resolve-context.js';
import type { Task } from './scenario.js';
import type { ScenarioFile } from './schema.js';

/** The CPUs that sync core does not reach at once: each must exist, be in one list only, and not be the patcher's. */
export function resolveSync(context: ResolveContext, file: ScenarioFile, tasks: readonly Task[]): SyncReach {
  const seen = new Map<number, string>();
  const patcher = tasks.find(({ kind }) => kind === 'procedure');
  for (const list of ['skip', 'defer'] as const) {
    file.sync?.[list]?.forEach((cpu, index) => {
      const path = ['sync', list, index];
      const other = seen.get(cpu);
      if (cpu >= file.cpus) context.problem(path, `there is no CPU ${cpu}: 'cpus' is ${file.cpus}, counted from 0`);
      else if (cpu === patcher?.cpu) context.problem(path, `CPU ${cpu} runs '${patcher.name}', which syncs itself`);
      else if (other !== undefined) context.problem(path, `CPU ${cpu} is in 'sync.${other}' already`);
      seen.set(cpu, list);
    });
  }
  return { skip: new Set(file.sync?.skip), defer: new Set(file.sync?.defer) };
}
