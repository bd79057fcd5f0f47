/** The stack that the IDT entry of NMI names (IST): each NMI's frame goes to its top, whatever lies there. */
export interface NmiStack {
  /** Lowest address. */
  readonly base: bigint;
  /** Where it begins to grow. */
  readonly top: bigint;
}

/** Whether RSP is on the stack, empty or not. */
export function isOnStack({ base, top }: NmiStack, rsp: bigint): boolean {
  return rsp >= base && rsp <= top;
}
