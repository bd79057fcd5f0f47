/** Milliseconds between two lines. */
const INTERVAL = 200;

/** One line on a terminal's stderr that is written over and over; nothing where stderr is not a terminal. */
export class Progress {
  private last = performance.now();
  private shown = false;

  /** @param text is asked only when it is time for another line */
  update(text: () => string): void {
    if (!process.stderr.isTTY || performance.now() - this.last < INTERVAL) return;
    this.last = performance.now();
    this.shown = true;
    process.stderr.write(`\r\u001b[K${text()}`);
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
    this.shown = false;
  }
}
