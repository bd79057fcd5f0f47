import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../src/scenario/elf.js';

const directory = fileURLToPath(new URL('../../examples/crc-t10dif/', import.meta.url));
const path = join(directory, 'crc-t10dif.elf');
const file = new Uint8Array(readFileSync(path));
const image = readElf(file, path);

/** What a program prints, or undefined if it is not there. */
function output(program: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

const firstLine = (text: string | undefined) => text?.split('\n')[0];

function address(name: string): bigint {
  const symbol = image.symbols.find((candidate) => candidate.name === name);
  if (symbol === undefined) throw new Error(`no symbol ${name}`);
  return symbol.address;
}

function memory(start: bigint, length: number): Uint8Array {
  const segment = image.segments.find((s) => s.address <= start && start + BigInt(length) <= s.address + s.size);
  if (segment === undefined) throw new Error(`no ${length} bytes at ${start}`);
  const bytes = new Uint8Array(length);
  bytes.set(segment.bytes.subarray(Number(start - segment.address)).subarray(0, length));
  return bytes;
}

const word = (start: bigint) => new DataView(memory(start, 8).buffer).getBigUint64(0, true);

const site = address('crc_call_site');

/** The bytes of `call target` at the site. */
function call(target: string): Uint8Array {
  const bytes = Uint8Array.of(0xe8, 0, 0, 0, 0);
  new DataView(bytes.buffer).setInt32(1, Number(BigInt.asIntN(64, address(target) - (site + 5n))), true);
  return bytes;
}

/** The remainder of the message times x^16 by the polynomial, by long division. */
function crcT10Dif(message: Uint8Array): bigint {
  let rest = message.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) << 16n;
  for (let bit = BigInt(8 * message.length + 15); bit >= 16n; bit--) {
    if ((rest >> bit) & 1n) rest ^= 0x18bb7n << (bit - 16n);
  }
  return rest;
}

describe('the CRC-T10DIF example', () => {
  it('has text, constants and counters on separate pages, and starts at worker', () => {
    expect(image.entry).toBe(address('worker'));
    expect(image.segments.map((s) => [s.address, s.flags])).toEqual([
      [0xffffffff81000000n, { read: true, write: false, execute: true }],
      [0xffffffff81001000n, { read: true, write: false, execute: false }],
      [0xffffffff81002000n, { read: true, write: true, execute: false }],
    ]);
  });

  it('names all that a scenario needs', () => {
    const kinds = Object.fromEntries(image.symbols.map(({ name, kind, size }) => [name, `${kind} ${size}`]));
    expect(kinds).toEqual({
      ascending: 'object 32',
      computed: 'object 64',
      crc_call_site: 'other 0',
      crc_t10dif: expect.stringMatching(/^function /),
      crc_t10dif_bitwise: expect.stringMatching(/^function /),
      crc_t10dif_bytes: 'object 512',
      crc_t10dif_table: expect.stringMatching(/^function /),
      messages: 'object 96',
      mismatches: 'object 64',
      stop: 'object 8',
      worker: expect.stringMatching(/^function /),
    });
  });

  it('calls the bitwise implementation at the site', () => {
    expect(memory(site, 5)).toEqual(call('crc_t10dif_bitwise'));
  });

  it('has the site across a 64-byte line, with bytes that patching changes on both sides', () => {
    expect(site % 64n).toBe(62n);
    const old = call('crc_t10dif_bitwise');
    const changed = Array.from(call('crc_t10dif_table'), (byte, i) => byte !== old[i]);
    expect(changed.slice(0, 2)).toContain(true);
    expect(changed.slice(2)).toContain(true);
  });

  it('has the right table', () => {
    const table = address('crc_t10dif_bytes');
    for (let byte = 0; byte < 256; byte++) {
      const [low = 0, high = 0] = memory(table + BigInt(2 * byte), 2);
      expect(BigInt(low | (high << 8))).toBe(crcT10Dif(Uint8Array.of(byte)));
    }
  });

  it('expects the right CRC of each message', () => {
    const messages = [0n, 1n, 2n, 3n].map((i) => {
      const message = address('messages') + 24n * i;
      return { bytes: memory(word(message), Number(word(message + 8n))), crc: word(message + 16n) };
    });
    expect(messages.map(({ bytes, crc }) => [bytes.length, crc])).toEqual([
      [9, 0xd0dbn],
      [7, 0x9c0dn],
      [1, 0x8bb7n],
      [32, 0x0224n],
    ]);
    expect(messages.map(({ crc }) => crc)).toEqual(messages.map(({ bytes }) => crcT10Dif(bytes)));
  });

  const readelf = output('readelf', '-lsW', path);

  it.skipIf(readelf === undefined)('reads as GNU readelf reads it (needs readelf)', () => {
    const lines = (readelf ?? '').split('\n').map((line) => line.trim().split(/\s+/));
    const loads = lines.filter(([type]) => type === 'LOAD');
    expect(loads.map((fields) => [fields[2], fields[4], fields[5]].map((field) => BigInt(field ?? '')))).toEqual(
      image.segments.map((s) => [s.address, BigInt(s.bytes.length), s.size]),
    );
    const kinds: Record<string, string> = { NOTYPE: 'other', FUNC: 'function', OBJECT: 'object' };
    const symbols = lines.filter(
      (fields) => /^\d+:$/.test(fields[0] ?? '') && kinds[fields[3] ?? ''] && fields[6] !== 'UND',
    );
    expect(
      symbols.map(([, value = '', size = '', type = '', binding = '', , , name = '']) => {
        return {
          name,
          address: BigInt(`0x${value}`),
          size: BigInt(size),
          kind: kinds[type],
          binding: binding.toLowerCase(),
        };
      }),
    ).toEqual(image.symbols);
  });

  const script = readFileSync(join(directory, 'build.sh'), 'utf8');
  const versions = ['gcc', 'ld'].map((program) => firstLine(output(program, '--version')));
  const sameTools = versions.every((version) => version !== undefined && script.includes(`#   ${version}\n`));

  it.skipIf(!sameTools)('is what build.sh makes (needs the gcc and ld that build.sh names)', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'crc-t10dif-'));
    try {
      const fresh = join(scratch, 'fresh.elf');
      execFileSync('sh', [join(directory, 'build.sh'), fresh]);
      expect(Buffer.from(file).equals(readFileSync(fresh))).toBe(true);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});
