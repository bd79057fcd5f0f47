/** Whoever waits for a verdict: may end the work, and gets a chance to do something else between its slices. */
export interface Onlooker {
  /** Once it is aborted the work ends, and what was found so far is told. */
  readonly signal: Pick<AbortSignal, 'aborted'>;
  /** Lets signals, and whatever else waits, come through. */
  pause(): Promise<void>;
}

/** Hears how far some work is. */
export interface ProgressListener<Progress> {
  /** @param progress is asked only by those who want to know now */
  update(progress: () => Progress): void;
  /** The work is over, or something else is about to be told. */
  clear(): void;
}
