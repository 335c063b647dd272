/** What identifies a frame: camera, run and sequence. */
export interface Framed {
  readonly key: string;
  readonly capturedAtMs: number;
}

/** So long a picture is held back for labels of its own, if the recognizer is that fast. */
const MAX_HOLD_MS = 160;
/** Labels of another frame are drawn on a picture only where the two are this close. */
const MAX_GAP_MS = 1_500;
const MAX_PENDING = 4;
const MAX_REMEMBERED = 32;

/**
 * Brings pictures and the labels that were found in them together. They arrive on two ways, the labels later by the
 * time that the recognizer takes. A fast recognizer's labels are waited for, so that boxes sit on what they name;
 * with a slow one the picture is shown at once, with the newest labels there are.
 */
export class FrameSync<Picture extends Framed, Labels extends Framed> {
  readonly #discard: (picture: Picture) => void;
  #pending: { readonly picture: Picture; readonly arrivedMs: number }[] = [];
  readonly #labels = new Map<string, Labels>();
  readonly #arrivals = new Map<string, number>();
  #newest: Labels | undefined;
  #holdMs = 0;

  constructor(discard: (picture: Picture) => void) {
    this.#discard = discard;
  }

  addPicture(picture: Picture, nowMs: number): void {
    this.#pending.push({ picture, arrivedMs: nowMs });
    remember(this.#arrivals, picture.key, nowMs);
    if (this.#pending.length > MAX_PENDING) this.#dropPending(1);
    if (this.#labels.has(picture.key)) this.#holdMs = MAX_HOLD_MS;
  }

  addLabels(labels: Labels, nowMs: number): void {
    this.#newest = labels;
    remember(this.#labels, labels.key, labels);
    const arrivedMs = this.#arrivals.get(labels.key);
    if (arrivedMs !== undefined) this.#holdMs = nowMs - arrivedMs <= MAX_HOLD_MS ? MAX_HOLD_MS : 0;
  }

  /** The picture to show now, if there is a new one: the newest that has its labels or has waited long enough. */
  take(nowMs: number): Picture | undefined {
    const at = this.#pending.findLastIndex(
      ({ picture, arrivedMs }) => this.#labels.has(picture.key) || nowMs - arrivedMs >= this.#holdMs,
    );
    if (at < 0) return undefined;
    this.#dropPending(at);
    return this.#pending.shift()?.picture;
  }

  /** When to look again for pictures that wait; undefined where none does. */
  nextLookMs(): number | undefined {
    const first = this.#pending[0];
    return first && first.arrivedMs + this.#holdMs;
  }

  /** The labels to draw on a picture: its own, otherwise the newest if they are close in time. */
  labelsFor(picture: Framed): { readonly labels: Labels; readonly exact: boolean } | undefined {
    const own = this.#labels.get(picture.key);
    if (own) return { labels: own, exact: true };
    const newest = this.#newest;
    if (!newest || Math.abs(picture.capturedAtMs - newest.capturedAtMs) > MAX_GAP_MS) return undefined;
    return { labels: newest, exact: false };
  }

  #dropPending(count: number): void {
    for (const { picture } of this.#pending.splice(0, count)) this.#discard(picture);
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  const oldest = map.size > MAX_REMEMBERED ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
