import { describe, expect, it } from 'vitest';
import { Footprint } from '../../src/memory/footprint.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';

const BASE = 0x10000n;

/** Memory of which the first word of every second line was written. */
function world(): { memory: Memory; footprint: Footprint; lines: () => bigint[]; firstWrites: () => number } {
  const memory = new Memory(4);
  memory.map(BASE, 0x2000n, DATA);
  memory.map(0x20000n, 0x1000n, TEXT);
  for (let line = BASE; line < BASE + 0x1100n; line += 128n) memory.write(line, 8, 1n);
  let heard = 0;
  memory.written.onFirstWrite = () => heard++;
  const footprint = new Footprint(memory.written);
  memory.footprint = footprint;
  const numbers = new Map(
    Array.from({ length: 0x2000 / 64 }, (_, i) => BASE + 64n * BigInt(i)).map((address) => [
      memory.written.lineOf(memory.offsetOf(address)),
      address,
    ]),
  );
  return {
    memory,
    footprint,
    lines: () => [...footprint.lines].map((line) => (numbers.get(line) ?? 0n) - BASE).sort((a, b) => (a < b ? -1 : 1)),
    firstWrites: () => heard,
  };
}

describe('A footprint', () => {
  it('notes the lines of a read, one or two', () => {
    const { memory, lines, footprint } = world();
    memory.read(BASE + 8n, 8);
    expect(lines()).toEqual([0n]);
    footprint.clear();
    memory.read(BASE + 124n, 8);
    expect(lines()).toEqual([128n]);
  });

  it('notes reads of many bytes, across pages too, and of what is not mapped nothing', () => {
    const { memory, lines, footprint } = world();
    memory.bytes(BASE + 100n, 200);
    expect(lines()).toEqual([128n, 256n]);
    footprint.clear();
    memory.read(BASE + 0xffdn, 8);
    expect(lines()).toEqual([0x1000n]);
    footprint.clear();
    memory.note(BASE + 0x1080n, 0x100000);
    expect(lines()).toEqual([0x1080n]);
  });

  it('tells when a line is written for the first time that was looked at before, and only then', () => {
    const { memory, firstWrites } = world();
    memory.read(BASE + 64n, 8);
    memory.write(BASE + 192n, 8, 1n);
    memory.write(BASE, 8, 5n);
    expect(firstWrites()).toBe(0);
    memory.write(BASE + 120n, 1, 0n);
    expect(firstWrites()).toBe(1);
    memory.write(BASE + 64n, 8, 7n);
    expect(firstWrites()).toBe(1);
  });

  it('tells it of both lines of a store, and of text', () => {
    const { memory, firstWrites } = world();
    memory.read(BASE + 0x1fc0n, 1);
    memory.note(0x20000n, 15);
    memory.write(BASE + 0x1fbcn, 8, 1n);
    expect(firstWrites()).toBe(1);
    memory.storeBytes(0x20002n, Uint8Array.of(0xcc));
    expect(firstWrites()).toBe(2);
  });

  it('notes CPUs, one by one or all, until it begins anew', () => {
    const { footprint } = world();
    footprint.cpu(2);
    footprint.cpu(0);
    expect(footprint.cpus).toBe(0b101);
    footprint.allCpus();
    expect([0, 1, 7].every((cpu) => ((footprint.cpus >> cpu) & 1) === 1)).toBe(true);
    footprint.clear();
    expect([footprint.cpus, footprint.lines.size]).toEqual([0, 0]);
  });
});
