/** How a bench is asked to run. */
export interface BenchOptions {
  /** Measurement for each cell or level; each bench has its own default. */
  readonly seconds?: number | undefined;
  /** Ends within a minute, with fewer samples. */
  readonly quick?: boolean | undefined;
  /** For `recognize`: a folder of further pictures to look at. */
  readonly pictures?: string | undefined;
  /** For `proposals`: a folder of scenes, each with an img.jpg and a mask*.png for each object. */
  readonly scenes?: string | undefined;
  /** Gets a line of progress now and then. */
  readonly say?: ((line: string) => void) | undefined;
}

/** The same pictures, phases and traces in every run. */
export const SEED = 20_261_124;

export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
