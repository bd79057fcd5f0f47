import type { InstructionEvent, MachineEvent } from '../../machine/event.js';
import { hex, hexAddress } from '../../property/monitor.js';
import { eventJson } from '../event-json.js';
import type { Subject } from '../subject.js';

/** Instructions, places and names whose JSON is kept; a trace meets the same ones again and again. */
const KEPT = 4096;

/** What of an instruction's line depends on its place and its bytes alone. */
interface KnownInstruction {
  readonly bytes: Uint8Array;
  /** `"address":...,"symbol":...,"bytes":...`. */
  readonly place: string;
  /** `"times":[0,0]`, of bytes that nobody ever stored to. */
  readonly unwritten: string;
  /** `"text":...`. */
  readonly text: string;
}

/**
 * Events as lines of JSON: what `JSON.stringify` gives for {@link eventJson}, but put together of known parts for the
 * kinds that make up nearly all of a trace.
 */
export class EventLines {
  /** By address; of the bytes that were executed there last. */
  private readonly instructions = new Map<bigint, KnownInstruction>();
  private readonly places = new Map<bigint, string>();
  private readonly quoted = new Map<string, string>();

  constructor(private readonly subject: Subject) {}

  /** The line of an event, with its end. */
  line(step: number, event: MachineEvent): string {
    switch (event.kind) {
      case 'instruction':
        return this.instruction(step, event);
      case 'procedure-step': {
        const { procedure, label } = event;
        return `${head(step, event)},"procedure":${this.quote(procedure)},"label":${this.quote(label)}}\n`;
      }
      case 'trap':
        return `${head(step, event)},${this.place(event.rip)},"vector":${event.vector},"errorCode":${event.errorCode}}\n`;
      case 'iret':
        return `${head(step, event)},${this.place(event.rip)}}\n`;
      case 'ipi-accepted':
        return `${head(step, event)},"vector":${event.vector}}\n`;
      case 'ipi-acked':
        return `${head(step, event)},"vector":${event.vector},"initiators":[${event.initiators.join(',')}]}\n`;
      case 'serialize':
      case 'halt':
        return `${head(step, event)}}\n`;
      default:
        return `${JSON.stringify(eventJson({ step }, event, this.subject))}\n`;
    }
  }

  private instruction(step: number, event: InstructionEvent): string {
    const known = this.known(event);
    const { times, exception = null } = event;
    const versions = isUnwritten(times) ? known.unwritten : `"times":[${times.join(',')}]`;
    return `${head(step, event)},${known.place},${versions},${known.text},"exception":${exception}}\n`;
  }

  private known({ rip, bytes, times }: InstructionEvent): KnownInstruction {
    const found = this.instructions.get(rip);
    if (found !== undefined && isSame(found.bytes, bytes)) return found;
    const { code } = this.subject;
    const known = {
      bytes: bytes.slice(),
      place: `${this.place(rip)},"bytes":"${hex(bytes)}"`,
      unwritten: `"times":[${times.map(() => 0).join(',')}]`,
      text: `"text":${JSON.stringify(code.insn(bytes, rip))}`,
    };
    return keep(this.instructions, rip, known);
  }

  /** `"address":...,"symbol":...`. */
  private place(address: bigint): string {
    const found = this.places.get(address);
    if (found !== undefined) return found;
    const symbol = JSON.stringify(this.subject.code.address(address));
    return keep(this.places, address, `"address":"${hexAddress(address)}","symbol":${symbol}`);
  }

  private quote(text: string): string {
    return this.quoted.get(text) ?? keep(this.quoted, text, JSON.stringify(text));
  }
}

/** Remembers a value, and gives it. */
function keep<K, V>(known: Map<K, V>, key: K, value: V): V {
  if (known.size >= KEPT) known.clear();
  known.set(key, value);
  return value;
}

function head(step: number, { kind, cpu }: MachineEvent): string {
  return `{"event":"${kind}","step":${step},"cpu":${cpu}`;
}

function isUnwritten(times: readonly number[]): boolean {
  for (const time of times) if (time !== 0) return false;
  return true;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
