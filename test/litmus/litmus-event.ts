import { assemble } from '../../src/encoder/assemble.js';
import { InputError } from '../../src/input-error.js';
import type { ProcedureBuilder } from '../../src/machine/procedure.js';
import { packBytes, pokeBytes } from '../../src/patcher/poke-bytes.js';
import type { SyncCore } from '../../src/patcher/sync-core.js';

/** Text: `store` is one event where the hardware allows, `poke` a memcpy of single bytes. */
export interface TextStore {
  readonly kind: 'store' | 'poke' | 'poke-ascending';
  readonly label: string;
  readonly offset: number;
  readonly asm: string;
}

/** One line of what the storing CPU, or a handler, does. */
export type LitmusEvent =
  | TextStore
  /** A word of data. */
  | { readonly kind: 'set' | 'await'; readonly label: string; readonly value: bigint }
  | { readonly kind: 'sync' | 'serialise' }
  | { readonly kind: 'interrupt'; readonly vector: number; readonly cpu: number };

const TEXT_STORE = /^(store|poke|poke-ascending) (\w+)(?:\+(\d+))? = (.+)$/;
const DATA = /^(set|await) (\w+) = (\d+)$/;
const INTERRUPT = /^interrupt (0x[0-9a-f]+) on (\d)$/;

/**
 * Reads one event: `store f+1 = .byte 2`, `poke site = call.rel32 g`, `poke-ascending ...`, `set flag = 1`,
 * `await flag = 1`, `sync`, `serialise`, `interrupt 0x40 on 1`.
 */
export function parseEvent(text: string): LitmusEvent {
  const store = TEXT_STORE.exec(text);
  if (store !== null) {
    const [, kind, label = '', offset = '0', asm = ''] = store;
    if (kind === 'store' || kind === 'poke' || kind === 'poke-ascending') {
      return { kind, label, offset: Number(offset), asm };
    }
  }
  const data = DATA.exec(text);
  if (data !== null) {
    return { kind: data[1] === 'set' ? 'set' : 'await', label: data[2] ?? '', value: BigInt(data[3] ?? 0) };
  }
  const interrupt = INTERRUPT.exec(text);
  if (interrupt !== null) return { kind: 'interrupt', vector: Number(interrupt[1]), cpu: Number(interrupt[2]) };
  if (text === 'sync' || text === 'serialise') return { kind: text };
  throw new InputError(`no event: ${text}`);
}

/** What events need to become steps. */
export interface EventScope {
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly storeBoundary: number;
  readonly sync: SyncCore;
}

/** Adds the steps of an event to a procedure. */
export function addEvent(p: ProcedureBuilder, event: LitmusEvent, scope: EventScope): void {
  switch (event.kind) {
    case 'store':
    case 'poke':
    case 'poke-ascending':
      addTextStore(p, event, scope);
      return;
    case 'set': {
      const address = addressOf(scope, event.label);
      p.step(`${event.label} = ${event.value}`, (c) => c.store(address, event.value));
      return;
    }
    case 'await': {
      const address = addressOf(scope, event.label);
      p.wait(`wait for ${event.label} = ${event.value}`, (c) => c.load(address) === event.value);
      return;
    }
    case 'sync':
      p.call(scope.sync.call);
      return;
    case 'serialise':
      p.step('serialise', (c) => c.host.serialize(c.cpu));
      return;
    case 'interrupt':
      p.step(`interrupt CPU ${event.cpu}`, (c) => c.host.setPending(event.cpu, event.vector));
  }
}

function addTextStore(p: ProcedureBuilder, event: TextStore, scope: EventScope): void {
  const at = addressOf(scope, event.label) + BigInt(event.offset);
  const bytes = assemble([{ base: at, source: event.asm }], scope.symbols).blocks[0]?.bytes ?? new Uint8Array();
  if (bytes.length < 1 || bytes.length > 8) throw new InputError(`a store has 1 to 8 bytes: ${event.asm}`);
  if (event.kind === 'store' && isOneEvent(at, bytes.length, scope.storeBoundary)) {
    p.step(`store ${event.asm}`, (c) => c.host.storeText(c.cpu, at, bytes));
    return;
  }
  const [address, length, value] = [p.local(), p.local(), p.local()];
  p.set(address, () => at);
  p.set(length, () => BigInt(bytes.length));
  p.set(value, () => packBytes(bytes));
  const order = event.kind === 'poke-ascending' ? 'ascending' : 'any';
  pokeBytes(p, `poke ${event.asm}`, { address, length, value }, order);
}

/** "One event iff it lies inside one aligned unit of the profile's store boundary." */
function isOneEvent(address: bigint, length: number, boundary: number): boolean {
  const unit = BigInt(boundary);
  return address / unit === (address + BigInt(length) - 1n) / unit;
}

function addressOf({ symbols }: EventScope, label: string): bigint {
  const address = symbols.get(label);
  if (address === undefined) throw new InputError(`no label ${label}`);
  return address;
}
