import type { CheckSurroundings } from './check-variant.js';

/** States between two looks at signals and the clock. */
export const SLICE = 2000;

/** Why something was ended that would have gone on. */
export interface Stopped {
  readonly kind: 'timeout' | 'interrupted';
}

/** Lets what one variant needs go on slice by slice, until it ends or somebody or the clock ends it. */
export class Slices {
  private readonly started = performance.now();

  constructor(private readonly around: CheckSurroundings) {}

  /**
   * @param advance does a slice; undefined: there is more to do
   * @param progress says how far it is
   */
  async run<End>(advance: () => End | undefined, progress: (seconds: number) => string): Promise<End | Stopped> {
    const { around } = this;
    try {
      for (;;) {
        const end = advance();
        if (end !== undefined) return end;
        const seconds = (performance.now() - this.started) / 1000;
        around.progress.update(() => progress(seconds));
        await around.interrupt.pause();
        if (around.interrupt.code !== undefined) return { kind: 'interrupted' };
        if (around.options.timeout !== undefined && seconds >= around.options.timeout) return { kind: 'timeout' };
      }
    } finally {
      around.progress.clear();
    }
  }
}
