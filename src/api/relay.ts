/** Hands items from who makes them to who takes them. Who makes them waits in {@link flush} until they were taken. */
export class Relay<Item> {
  private items: Item[] = [];
  private isOver = false;
  private onTaken = (): void => {};
  private onCome = (): void => {};

  put(item: Item): void {
    this.items.push(item);
  }

  /** Waits until all items were taken, or nobody takes any more. */
  async flush(): Promise<void> {
    if (this.items.length === 0 || this.isOver) return;
    const taken = new Promise<void>((resolve) => {
      this.onTaken = resolve;
    });
    this.onCome();
    await taken;
  }

  /** No more items come, or nobody takes them. */
  end(): void {
    this.isOver = true;
    this.onTaken();
    this.onCome();
  }

  /** The items as they come, up to the end. */
  async *taken(): AsyncGenerator<Item, void, void> {
    for (;;) {
      const { items } = this;
      this.items = [];
      yield* items;
      if (items.length > 0) this.onTaken();
      else if (this.isOver) return;
      else
        await new Promise<void>((resolve) => {
          this.onCome = resolve;
          if (this.items.length > 0 || this.isOver) resolve();
        });
    }
  }
}
