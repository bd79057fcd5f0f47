import { GPR_NAMES, type GprName } from '../cpu/cells.js';
import { InputError } from '../input-error.js';

/** One recorded test of one instruction: bytes, the state before, the state after. */
export interface Vector {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** RFLAGS bits that are not compared. */
  readonly undefinedFlags: bigint;
  readonly initial: VectorState;
  readonly final: VectorState & { readonly exception?: VectorException };
}

export interface VectorState {
  readonly rip: bigint;
  readonly rflags: bigint | undefined;
  readonly registers: ReadonlyMap<GprName, bigint>;
  readonly ram: readonly { readonly address: bigint; readonly bytes: Uint8Array }[];
}

export interface VectorException {
  readonly vector: number;
  readonly error: number | undefined;
  readonly cr2: bigint | undefined;
}

/**
 * Reads a line of a vector file (JSON; numbers are hex strings except `vector` and `error`).
 * @throws {@link InputError} with file and line when it is malformed.
 */
export function parseVector(line: string, file: string, number: number): Vector {
  const fail = (what: string): never => {
    throw new InputError(`not a test vector: ${what}`, { location: { file, line: number } });
  };
  const json = parseJson(line) ?? fail('not a JSON object');
  const initial = record(json.initial) ?? fail('no "initial"');
  const final = record(json.final) ?? fail('no "final"');
  const exception = record(final.exception);
  return {
    name: typeof json.name === 'string' ? json.name : `line ${number}`,
    bytes: hexBytes(json.bytes) ?? fail('"bytes" is not a string of hex digits'),
    undefinedFlags: hexNumber(json.undefined) ?? 0n,
    initial: state(initial, fail),
    final: {
      ...state({ rip: initial.rip, ...final }, fail),
      ...(exception === undefined ? {} : { exception: parseException(exception, fail) }),
    },
  };
}

type Fail = (what: string) => never;
type Json = Readonly<Record<string, unknown>>;

function state(json: Json, fail: Fail): VectorState {
  const registers = new Map<GprName, bigint>();
  for (const name of GPR_NAMES) {
    if (json[name] !== undefined) registers.set(name, hexNumber(json[name]) ?? fail(`"${name}" is not a hex number`));
  }
  const ram = Array.isArray(json.ram) ? json.ram : [];
  return {
    rip: hexNumber(json.rip) ?? fail('no "rip"'),
    rflags: hexNumber(json.rflags),
    registers,
    ram: ram.map((entry: unknown) => {
      const [address, bytes] = Array.isArray(entry) ? entry : [];
      return {
        address: hexNumber(address) ?? fail('an address in "ram" is not a hex number'),
        bytes: hexBytes(bytes) ?? fail('bytes in "ram" are not hex digits'),
      };
    }),
  };
}

function parseException(json: Json, fail: Fail): VectorException {
  if (typeof json.vector !== 'number') return fail('"vector" is not a number');
  return {
    vector: json.vector,
    error: typeof json.error === 'number' ? json.error : undefined,
    cr2: hexNumber(json.cr2),
  };
}

function parseJson(line: string): Json | undefined {
  try {
    return record(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function hexNumber(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^[0-9a-f]{1,16}$/i.test(value) ? BigInt(`0x${value}`) : undefined;
}

function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^([0-9a-f]{2})*$/i.test(value)) return undefined;
  return Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
