import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Something that the comparison needs and that is not there. */
export class MissingTool extends Error {
  name = 'MissingTool';
}

const CC = process.env.CC ?? 'gcc';
const SOURCES = ['unicorn.c', 'machine.c'].map((file) => fileURLToPath(new URL(file, import.meta.url)));
const FLAGS = ['-O2', '-std=gnu11', '-Wall', '-Wextra', '-Werror'];

function output(command, args, input) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', input });
  const failed = error?.message ?? (status === 0 ? undefined : `${signal ?? `exit code ${status}`}\n${stderr}`);
  return { failed, stdout };
}

function checkTools() {
  if (output(CC, ['--version']).failed !== undefined) {
    throw new MissingTool(`no C compiler: '${CC}' does not run\nhint: apt-get install gcc libc6-dev libunicorn-dev`);
  }
  const program =
    '#include <stdlib.h>\n#include <unicorn/unicorn.h>\nint main(void) { return uc_version(NULL, NULL) == 0; }\n';
  const { failed } = output(CC, ['-x', 'c', '-', '-lunicorn', '-o', '/dev/null'], program);
  if (failed === undefined) return;
  throw new MissingTool(
    `'${CC}' finds no unicorn/unicorn.h or no libunicorn\nhint: apt-get install gcc libc6-dev libunicorn-dev`,
  );
}

/** Our harness around Debian's Unicorn, compiled into a directory that {@link remove} removes. */
export class Unicorn {
  #directory;

  /** @throws MissingTool */
  constructor() {
    checkTools();
    this.#directory = mkdtempSync(join(tmpdir(), 'xmc-peers-'));
    const { failed } = output(CC, [...FLAGS, ...SOURCES, '-lunicorn', '-o', this.#path('unicorn')]);
    if (failed === undefined) return;
    this.remove();
    throw new Error(`bench/peers does not compile: ${failed}`);
  }

  remove() {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #path(file) {
    return join(this.#directory, file);
  }

  #run(...args) {
    const { failed, stdout } = output(this.#path('unicorn'), args);
    if (failed !== undefined) throw new Error(`unicorn ${args.slice(1).join(' ')}: ${failed}`);
    return stdout;
  }

  get version() {
    return this.#run('version').trim();
  }

  /** Writes the bytes of a program and the start of its two CPUs into files, for the methods below. */
  machine(name, bytes, { text, data, cpus }) {
    const file = this.#path(name.replaceAll(' ', '-'));
    writeFileSync(`${file}.bin`, bytes);
    const lines = [
      `text ${text.toString(16)} ${file}.bin`,
      ...data.map((page) => `data ${page.toString(16)}`),
      ...cpus.flatMap((registers) => [
        'cpu',
        ...Object.entries(registers).map(([key, value]) => `${key} ${value.toString(16)}`),
      ]),
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  }

  /**
   * The state after some steps of the first CPUs in turn, without hooks (`state`) or with memory hooks (`logged`):
   * registers by name, pages by address, all in hexadecimal.
   */
  state(machine, how, cpus, steps) {
    return JSON.parse(this.#run(machine, how, `${cpus}`, `${steps}`));
  }

  /**
   * Millions of steps a second of CPU time: of the first CPUs in turn (`step`; `log`: with memory hooks), or of one
   * without stopping (`free`).
   */
  rate(machine, how, cpus, steps) {
    return steps / Number(this.#run(machine, how, `${cpus}`, `${steps}`)) / 1e6;
  }
}
