import { CodeBuffer } from './code-buffer.js';

/** A function's type: parameters and results. */
export type FunctionType = readonly [parameters: readonly number[], results: readonly number[]];

/** Something a module imports: a function, all from the module name `host`. */
export interface FunctionImport {
  readonly name: string;
  readonly type: FunctionType;
}

/** A function of a module; those with a name are exported. */
export interface WasmFunction {
  readonly name?: string;
  readonly type: FunctionType;
  readonly locals: readonly number[];
  readonly code: CodeBuffer;
}

/**
 * Builds a module that imports a memory and functions and has some of its own, which are numbered behind the
 * imports.
 */
export function wasmModule(
  imports: readonly FunctionImport[],
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const out = new CodeBuffer();
  out.bytes([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const section = (id: number, fill: (body: CodeBuffer) => void): void => {
    const body = new CodeBuffer();
    fill(body);
    out.byte(id);
    out.sized(body);
  };
  const types = [...new Set([...imports, ...functions].map(({ type }) => type))];
  section(1, (body) => {
    body.unsigned(types.length);
    for (const [parameters, results] of types) {
      body.byte(0x60);
      body.unsigned(parameters.length);
      body.bytes(parameters);
      body.unsigned(results.length);
      body.bytes(results);
    }
  });
  section(2, (body) => {
    body.unsigned(imports.length + 1);
    body.name('host');
    body.name('memory');
    body.bytes([0x02, 0x00, 0x01]);
    for (const { name, type } of imports) {
      body.name('host');
      body.name(name);
      body.byte(0x00);
      body.unsigned(types.indexOf(type));
    }
  });
  section(3, (body) => {
    body.unsigned(functions.length);
    for (const { type } of functions) body.unsigned(types.indexOf(type));
  });
  section(7, (body) => {
    body.unsigned(functions.filter(({ name }) => name !== undefined).length);
    functions.forEach(({ name }, i) => {
      if (name === undefined) return;
      body.name(name);
      body.byte(0x00);
      body.unsigned(imports.length + i);
    });
  });
  section(10, (body) => {
    body.unsigned(functions.length);
    for (const each of functions) body.sized(functionBody(each));
  });
  return out.finish();
}

function functionBody({ locals, code }: WasmFunction): CodeBuffer {
  const body = new CodeBuffer();
  const runs = localRuns(locals);
  body.unsigned(runs.length);
  for (const [count, type] of runs) {
    body.unsigned(count);
    body.byte(type);
  }
  body.bytes(code.finish());
  body.byte(0x0b);
  return body;
}

function localRuns(locals: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  return runs;
}
