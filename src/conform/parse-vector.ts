import { InputError } from '../input-error.js';
import { isCanonical } from '../memory/page.js';
import { didYouMean } from '../suggest.js';
import { hexBytes, hexNumber, isHexDigits, type Json, jsonObject } from './json-fields.js';
import { isMissingRegister, REGISTER_NAMES, type RegisterName, registerDigits } from './registers.js';
import type { Until, Vector, VectorException, VectorState } from './vector.js';

const FIELDS = ['name', 'bytes', 'undefined', 'initial', 'final', 'until'] as const;
/** Registers that may stand beside `initial` instead of inside it. */
const BESIDE = ['fs_base', 'gs_base', 'cpl'] as const;
const EXCEPTION_FIELDS = ['vector', 'error', 'cr2'] as const;
/** The most instructions that `until` may ask for. */
const MOST_INSTRUCTIONS = 1e9;
/** Characters of a name that are told. */
const LONGEST_NAME = 64;

/** Complains about the line that is read. */
type Fail = (what: string, hint?: string) => never;

/**
 * Reads a line of a vector file: a JSON object, in which numbers are hex strings, except `vector` and `error` of an
 * exception. See docs/conform.md for the format.
 * @throws {@link InputError} with file and line when it is malformed.
 */
export function parseVector(line: string, file: string, number: number): Vector {
  const fail: Fail = (what, hint) => {
    const location = { file, line: number };
    throw new InputError(`not a test vector: ${what}`, hint === undefined ? { location } : { location, hint });
  };
  const json = parseJson(line) ?? fail('not a JSON object');
  requireKnown(json, [...FIELDS, ...BESIDE], 'field', fail);
  const initial = jsonObject(json.initial) ?? fail('no "initial"');
  const final = jsonObject(json.final) ?? fail('no "final"');
  const exception = parseException(final.exception, fail);
  const { exception: _, ...finalState } = final;
  const vector = {
    name: typeof json.name === 'string' ? json.name : `line ${number}`,
    bytes: hexBytes(json.bytes) ?? fail('"bytes" is not a string of hex digits'),
    undefinedFlags: optional(json, 'undefined', (mask) => hexNumber(mask), 'a hex number', fail),
    until:
      json.until === undefined ? 1 : (until(json.until) ?? fail('"until" is not "int3", "hlt" or a number above 0')),
    initial: state({ ...beside(json, initial, fail), ...initial }, fail),
    final: { ...state(finalState, fail), ...(exception === undefined ? {} : { exception }) },
    missingRegisters: [...new Set([...Object.keys(initial), ...Object.keys(final)].filter(isMissingRegister))].sort(),
  };
  if (vector.bytes.length === 0) fail('"bytes" is empty');
  requireRoom(vector.initial.registers.get('rip') ?? 0n, vector.bytes, 'the code', fail);
  return vector;
}

/** The registers beside `initial`, which it must not name as well. */
function beside(json: Json, initial: Json, fail: Fail): Json {
  const given = BESIDE.filter((name) => json[name] !== undefined);
  const twice = given.find((name) => initial[name] !== undefined);
  if (twice !== undefined) fail(`"${twice}" is given twice`);
  return Object.fromEntries(given.map((name) => [name, json[name]]));
}

function state({ ram, ...registers }: Json, fail: Fail): VectorState {
  requireKnown(registers, [...REGISTER_NAMES, 'ram'], 'register', fail, isMissingRegister);
  const values = new Map<RegisterName, bigint>();
  for (const name of REGISTER_NAMES) {
    const value = registers[name] === undefined ? undefined : registerValue(name, registers[name], fail);
    if (value !== undefined) values.set(name, value);
  }
  for (const [name, value] of Object.entries(registers)) {
    if (isMissingRegister(name) && !isHexDigits(value, 128)) fail(`"${name}" is not a hex number`);
  }
  if (ram !== undefined && !Array.isArray(ram)) fail('"ram" is not a list');
  return { registers: values, ram: (Array.isArray(ram) ? ram : []).map((entry: unknown) => memory(entry, fail)) };
}

function registerValue(name: RegisterName, value: unknown, fail: Fail): bigint {
  if (name === 'cpl') return privilege(value, fail);
  return hexNumber(value, registerDigits(name)) ?? fail(`"${name}" is not a hex number`);
}

/** `[address, bytes]`. */
function memory(entry: unknown, fail: Fail): VectorState['ram'][number] {
  const [at, contents, ...more] = Array.isArray(entry) ? entry : [];
  const address = hexNumber(at) ?? fail('an address in "ram" is not a hex number');
  const bytes = hexBytes(contents) ?? fail('bytes in "ram" are not hex digits');
  if (more.length > 0) fail('an entry of "ram" is not [address, bytes]');
  requireRoom(address, bytes, `memory at ${address.toString(16)}`, fail);
  return { address, bytes };
}

/** All bytes lie at canonical addresses. */
function requireRoom(address: bigint, { length }: Uint8Array, what: string, fail: Fail): void {
  const last = address + BigInt(Math.max(0, length - 1));
  if (last >= 1n << 64n) fail(`${what} goes beyond the end of the address space`);
  if (!isCanonical(address) || !isCanonical(last)) fail(`${what} is not at canonical addresses`);
}

function until(value: unknown): Until | undefined {
  if (value === 'int3' || value === 'hlt') return value;
  const count = typeof value === 'number' ? value : Number(hexNumber(value) ?? 0n);
  return Number.isInteger(count) && count >= 1 && count <= MOST_INSTRUCTIONS ? count : undefined;
}

/** 0 to 3, as a number or a string. */
function privilege(value: unknown, fail: Fail): bigint {
  return /^[0-3]$/.test(String(value)) ? BigInt(String(value)) : fail('"cpl" is not a number from 0 to 3');
}

function parseException(value: unknown, fail: Fail): VectorException | undefined {
  if (value === undefined || value === null) return undefined;
  const json = jsonObject(value) ?? fail('"exception" is not an object');
  requireKnown(json, EXCEPTION_FIELDS, 'field of "exception"', fail);
  const { vector } = json;
  return {
    vector: isSmall(vector, 0xff) ? vector : fail('"vector" is not a number from 0 to 255'),
    error: optional(json, 'error', (error) => (isSmall(error, 0xffffffff) ? error : undefined), 'a number', fail),
    cr2: optional(json, 'cr2', (cr2) => hexNumber(cr2), 'a hex number', fail),
  };
}

const isSmall = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

function optional<T>(json: Json, name: string, read: (value: unknown) => T | undefined, what: string, fail: Fail) {
  return json[name] === undefined ? undefined : (read(json[name]) ?? fail(`"${name}" is not ${what}`));
}

/** A name that nobody reads would be a test of something else than was meant. */
function requireKnown(
  json: Json,
  known: readonly string[],
  what: string,
  fail: Fail,
  allowed: (name: string) => boolean = () => false,
): void {
  const unknown = Object.keys(json).find((name) => !known.includes(name) && !allowed(name));
  if (unknown !== undefined)
    fail(`unknown ${what} ${JSON.stringify(unknown.slice(0, LONGEST_NAME))}`, didYouMean(unknown, known));
}

function parseJson(line: string): Json | undefined {
  try {
    return jsonObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}
