/** Small numbers that changed, each once, in the order of their change. */
export class ChangeList {
  private readonly list: number[] = [];
  private readonly isListed: boolean[] = [];

  add(number: number): void {
    if (this.isListed[number]) return;
    this.isListed[number] = true;
    this.list.push(number);
  }

  /** Empties the list, calling `hear` with each. */
  take(hear: (number: number) => void): void {
    for (const number of this.list) {
      this.isListed[number] = false;
      hear(number);
    }
    this.list.length = 0;
  }

  clear(): void {
    this.take(() => {});
  }
}
