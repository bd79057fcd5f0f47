/** Data that the search is told once, and then by number. */
export class News<T> {
  private readonly numbers = new Map<string, number>();
  private news: T[] = [];

  /** @param text that is equal for equal data alone */
  numberOf(datum: T, text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(text, number);
    this.news.push(datum);
    return number;
  }

  /** What is new since the last time. */
  take(): readonly T[] {
    const { news } = this;
    this.news = [];
    return news;
  }
}

/** Numbers for objects, each of which is another one. */
export class NumberedObjects<T extends object> {
  private readonly numbers = new WeakMap<T, number>();
  private count = 0;

  numberOf(object: T): number {
    const number = this.numbers.get(object) ?? this.count++;
    this.numbers.set(object, number);
    return number;
  }
}
