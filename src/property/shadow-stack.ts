import { decode } from '../cpu/decode.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { ContextMonitor } from './context-monitor.js';
import { inContextOrder } from './context-order.js';
import { hexAddress } from './monitor.js';
import type { Finding } from './violation.js';

/** The return addresses that a context's calls have pushed and its returns have not popped, the newest last. */
interface ContextStack {
  /** Whose context it is: a task's, across migrations, or an idle CPU's. */
  readonly owner: number;
  readonly depth: number;
  readonly addresses: readonly bigint[];
}

/** The context that a CPU is in, and the one that it has interrupted. */
const OWN = 0;
const INTERRUPTED = 1;

/**
 * P8 `shadow-stack`: every near RET returns to where the matching CALL of its context pushed, as with CET's supervisor
 * shadow stacks (SDM Vol. 1, "Control-Flow Enforcement Technology"; Vol. 2, "CALL" and "RET"): a difference is #CP there. A
 * CALL with displacement 0, which reads RIP, pushes nothing. Whoever changes the stack otherwise, as an int3 handler does
 * that emulates a call, has to change the shadow stack too. That IRET compares RIP with the shadow stack as well is left
 * out: a handler that emulates changes the saved RIP on purpose.
 */
export class ShadowStack extends ContextMonitor<ContextStack> {
  override readonly property = 'shadow-stack';
  readonly everyInstruction = true as const;

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    if (event.kind === 'instruction') return this.executed(event, machine);
    if (event.kind !== 'shadow-stack') return undefined;
    if (event.op === 'push') {
      this.push(event.cpu, machine, INTERRUPTED, event.address);
      return undefined;
    }
    const finding = this.pop(event.cpu, machine, INTERRUPTED, event.address);
    return finding === undefined ? undefined : { ...finding, bytes: new Uint8Array() };
  }

  private executed({ cpu, rip, bytes, exception }: InstructionEvent, machine: Machine): Finding | undefined {
    if (exception !== undefined) return undefined;
    const transfer = transferOf(bytes);
    if (transfer === 'call') this.push(cpu, machine, OWN, BigInt.asUintN(64, rip + BigInt(bytes.length)));
    if (transfer !== 'ret') return undefined;
    const finding = this.pop(cpu, machine, OWN, machine.state(cpu).rip);
    return finding === undefined ? undefined : { ...finding, address: rip, bytes };
  }

  private push(cpu: number, machine: Machine, below: number, address: bigint): void {
    const { owner, depth, addresses } = this.stackOf(cpu, machine, below);
    this.replace({ owner, depth, addresses: [...addresses, address] });
  }

  /** @returns what is wrong when the newest address is another than `target` */
  private pop(cpu: number, machine: Machine, below: number, target: bigint): Omit<Finding, 'bytes'> | undefined {
    const { owner, depth, addresses } = this.stackOf(cpu, machine, below);
    this.replace({ owner, depth, addresses: addresses.slice(0, -1) });
    const pushed = addresses.at(-1);
    if (pushed === target) return undefined;
    const is = pushed === undefined ? 'is empty' : `has ${hexAddress(pushed)}`;
    const message = `CPU ${cpu} returned to ${hexAddress(target)}, but its shadow stack ${is}: #CP`;
    return { cpu, address: target, message };
  }

  private stackOf(cpu: number, machine: Machine, below: number): ContextStack {
    const owner = machine.tasks.owner(cpu);
    const depth = machine.context(cpu).depth - below;
    const known = this.state.find((stack) => stack.owner === owner && stack.depth === depth);
    return known ?? { owner, depth, addresses: [] };
  }

  /** In the order of owners and depths, and none that is empty: equal stacks are equal states. */
  private replace(stack: ContextStack): void {
    const others = this.state.filter(({ owner, depth }) => owner !== stack.owner || depth !== stack.depth);
    const all = stack.addresses.length === 0 ? others : [...others, stack];
    this.state = inContextOrder(all);
  }

  /** Contexts that are over take their stacks along. */
  after(cpu: number, machine: Machine): undefined {
    const owner = machine.tasks.owner(cpu);
    const { depth } = machine.context(cpu);
    const isOver = (stack: ContextStack): boolean => stack.owner === owner && stack.depth > depth;
    if (this.state.some(isOver)) this.state = this.state.filter((stack) => !isOver(stack));
  }
}

/** Whether an instruction is a near call that pushes to the shadow stack, or a near return. */
function transferOf(bytes: Uint8Array): 'call' | 'ret' | undefined {
  const decoded = decode(bytes);
  if (decoded.kind !== 'instruction') return undefined;
  const [name] = decoded.handler.split('/', 1);
  if (name === 'ret' || name === 'ret imm16') return 'ret';
  return name === 'call' && decoded.branch !== BigInt(bytes.length) ? 'call' : undefined;
}
