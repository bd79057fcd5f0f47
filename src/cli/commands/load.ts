import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The module of what a command does, by its path from here. `require` has a graph of modules a quarter sooner than
 * `import`, which waits for each file apart; it is used where Node takes it for ES modules and says no word about it
 * (20.19, 22.13), which is since there is this flag.
 */
export async function load<Module>(path: string): Promise<Module> {
  const isQuiet = process.features.require_module && process.allowedNodeEnvironmentFlags.has('--trace-require-module');
  return isQuiet ? require(path) : await import(path);
}
