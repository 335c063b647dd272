import {
  type Calibration,
  calibrationHash,
  type CalibrationWanted,
  firstCalibrationFor,
  listCalibrations,
} from "./calibration-file.ts";

export interface ShowCalibrationsOptions {
  /** The folder of the show's models. */
  readonly dir: string;
  /** When the show was started: what was written later waits for the next start. Left out: everything counts. */
  readonly startedAtMs?: number | undefined;
}

/** More models than one process ever asks. */
const MOST_CHOSEN = 100;

/**
 * Which of a show's calibrations counts. What was chosen for a model counts until this process ends, whatever comes to
 * lie in the folder and however often the model's server comes and goes: no score changes during a show, unless somebody
 * ends it. See docs/decisions/0011.
 */
export class ShowCalibrations {
  readonly #options: ShowCalibrationsOptions;
  readonly #chosen = new Map<string, Calibration | undefined>();
  #looked: { readonly at: string; readonly found: string | undefined } | undefined;

  constructor(options: ShowCalibrationsOptions) {
    this.#options = options;
  }

  /** The one in force; undefined where there is none. @throws UserError where a file must be read and cannot */
  async choose(wanted: CalibrationWanted): Promise<Calibration | undefined> {
    const key = keyOf(wanted);
    if (this.#chosen.has(key)) return this.#chosen.get(key);
    const { dir, startedAtMs = Infinity } = this.#options;
    const files = await listCalibrations(dir);
    const chosen = await firstCalibrationFor(
      files.filter(({ mtimeMs }) => mtimeMs <= startedAtMs),
      wanted,
    );
    const [oldest] = this.#chosen.keys();
    if (this.#chosen.size >= MOST_CHOSEN && oldest !== undefined) this.#chosen.delete(oldest);
    this.#chosen.set(key, chosen);
    return chosen;
  }

  /** One sentence where the next start would choose otherwise than this one did. */
  async waiting(wanted: CalibrationWanted): Promise<string | undefined> {
    const key = keyOf(wanted);
    if (!this.#chosen.has(key)) return undefined;
    const files = await listCalibrations(this.#options.dir);
    const at = JSON.stringify([key, files]);
    if (this.#looked?.at === at) return this.#looked.found;
    const inForce = this.#chosen.get(key);
    let found: string | undefined;
    try {
      found = difference(inForce, await firstCalibrationFor(files, wanted));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      found = `${why}; ${inForce ? "the calibration in force stays" : "no calibration is in force"}`;
    }
    this.#looked = { at, found };
    return found;
  }
}

function difference(inForce: Calibration | undefined, next: Calibration | undefined): string | undefined {
  const [now, then] = [inForce && calibrationHash(inForce), next && calibrationHash(next)];
  if (now === then) return undefined;
  if (then === undefined) return "the calibration in force is not among the show's models any more";
  return `calibration-${then}.json waits: it counts from the show's next start`;
}

function keyOf({ model, prompt, ask, adapter, maxPixels }: CalibrationWanted): string {
  return JSON.stringify([model, prompt, ask, adapter, maxPixels]);
}
