import type { Noting, Sharing } from '../reduction/sharing.js';

/** What {@link Sharing} is told. */
export interface Noted {
  readonly uses: readonly {
    readonly owner: number;
    readonly used: readonly number[];
    readonly written: readonly number[];
  }[];
  readonly texts: readonly number[];
}

/** Tells a {@link Sharing} what memory is used, and writes down what it told. */
export class NotedUses implements Noting {
  private uses: Noted['uses'][number][] = [];
  private texts: number[] = [];

  constructor(private readonly sharing: Sharing) {}

  get sets(): Sharing['sets'] {
    return this.sharing.sets;
  }

  note(owner: number, used: Iterable<number>, written: Iterable<number>): void {
    this.uses.push({ owner, used: [...used], written: [...written] });
    this.sharing.note(owner, used, written);
  }

  textStored(offset: number): void {
    this.texts.push(offset);
    this.sharing.textStored(offset);
  }

  /** What was told since the last call. */
  take(): Noted {
    const { uses, texts } = this;
    this.uses = [];
    this.texts = [];
    return { uses, texts };
  }
}

/** Tells what somebody else has noted. */
export function retell({ uses, texts }: Noted, noting: Noting): void {
  for (const { owner, used, written } of uses) noting.note(owner, used, written);
  for (const offset of texts) noting.textStored(offset);
}
