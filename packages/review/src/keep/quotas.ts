/** How much is kept at most. */
export interface KeepLimits {
  /** Frames of one label in any 60 s, and of all. */
  readonly perLabelAMinute: number;
  readonly perMinute: number;
  /** Frames of one label on one day, and of all. */
  readonly perLabel: number;
  readonly perShow: number;
  /** Bytes of one day's pictures. */
  readonly bytes: number;
}

/** Twenty minutes of a person's work after the show, at three seconds a picture; some 25 MB. */
export const KEEP_LIMITS: KeepLimits = {
  perLabelAMinute: 4,
  perMinute: 16,
  perLabel: 60,
  perShow: 400,
  bytes: 128 * 1024 * 1024,
};

export type QuotaRefusal = "quota-minute" | "quota-label" | "quota-show" | "quota-bytes";

const MINUTE_MS = 60_000;

/** Counts what was kept on one day. */
export class Quotas {
  readonly #limits: KeepLimits;
  /** Of the last minute at most. */
  #recent: { readonly label: string; readonly atMs: number }[] = [];
  readonly #ofLabel = new Map<string, number>();
  #count = 0;
  #bytes = 0;

  constructor(limits: KeepLimits) {
    this.#limits = limits;
  }

  /** Why a frame has no place any more, or undefined where it has. */
  refuses(label: string, bytes: number, atMs: number): QuotaRefusal | undefined {
    const { perShow, perLabel, perMinute, perLabelAMinute } = this.#limits;
    if (this.#count >= perShow) return "quota-show";
    if (this.#bytes + bytes > this.#limits.bytes) return "quota-bytes";
    if ((this.#ofLabel.get(label) ?? 0) >= perLabel) return "quota-label";
    // Clocks of cameras may differ a little: a minute to either side counts.
    const recent = this.#recent.filter((kept) => Math.abs(atMs - kept.atMs) < MINUTE_MS);
    if (recent.length >= perMinute) return "quota-minute";
    return recent.filter((kept) => kept.label === label).length >= perLabelAMinute
      ? "quota-minute"
      : undefined;
  }

  add(label: string, bytes: number, atMs: number): void {
    this.#recent = this.#recent.filter((kept) => atMs - kept.atMs < MINUTE_MS);
    this.#recent.push({ label, atMs });
    this.#ofLabel.set(label, (this.#ofLabel.get(label) ?? 0) + 1);
    this.#count += 1;
    this.#bytes += bytes;
  }
}
