import type { Onlooker, ProgressListener } from '../onlooker.js';

/** States between two looks at signals and the clock. */
export const SLICE = 2000;

/** Why something was ended that would have gone on. */
export interface Stopped {
  readonly kind: 'timeout' | 'interrupted';
}

/** Lets what one variant needs go on slice by slice, until it ends or somebody or the clock ends it. */
export class Slices<Progress> {
  private readonly started = performance.now();

  /** @param timeout seconds; undefined: no clock ends it */
  constructor(
    private readonly onlooker: Onlooker,
    private readonly progress: ProgressListener<Progress>,
    private readonly timeout: number | undefined,
  ) {}

  /**
   * @param advance does a slice; undefined: there is more to do
   * @param progress says how far it is
   */
  async run<End>(advance: () => End | undefined, progress: (seconds: number) => Progress): Promise<End | Stopped> {
    try {
      for (;;) {
        const end = advance();
        if (end !== undefined) return end;
        const seconds = (performance.now() - this.started) / 1000;
        this.progress.update(() => progress(seconds));
        await this.onlooker.pause();
        if (this.onlooker.signal.aborted) return { kind: 'interrupted' };
        if (this.timeout !== undefined && seconds >= this.timeout) return { kind: 'timeout' };
      }
    } finally {
      this.progress.clear();
    }
  }
}
