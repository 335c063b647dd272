import type { CameraStatus, Frame } from "@followspot/schema/followspot/v1/frame";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { describeCamera } from "./camera-state.ts";
import { element, setData, setText } from "./dom.ts";
import { type Framed, FrameSync } from "./frame-sync.ts";
import { drawOverlay, type Seen, seenIn } from "./overlay.ts";
import { fit } from "./overlay-layout.ts";
import type { CameraEntry, CastEntry, PresenceThresholds } from "./show-document.ts";
import { ageText, countText, percentText } from "./words.ts";

interface Picture extends Framed {
  readonly bitmap: ImageBitmap;
  readonly light: number;
}

interface Labels extends Framed {
  readonly observation: Observation;
  readonly seen: readonly Seen[];
}

export interface CameraCardContext {
  readonly linked: boolean;
  readonly nowMs: number | undefined;
  readonly status: CameraStatus | undefined;
}

const UNKNOWN_FROM = 0.5;

/** One camera: its newest picture with boxes, and in words what state it is in and what is seen. */
export class CameraCard {
  readonly root: HTMLElement;
  readonly #entry: CameraEntry;
  readonly #cast: ReadonlyMap<string, CastEntry>;
  readonly #thresholds: PresenceThresholds;
  readonly #canvas = element("canvas", { attributes: { role: "img" } });
  readonly #frame: HTMLElement;
  readonly #badge = element("span", { class: "badge" });
  readonly #age = element("span", { class: "age" });
  readonly #sentence = element("p", { class: "sentence" });
  readonly #seenText = element("span", { class: "seen" });
  readonly #counts = element("span", { class: "counts" });
  readonly #sync = new FrameSync<Picture, Labels>(({ bitmap }) => bitmap.close());
  #shown: Picture | undefined;
  #scheduled = false;
  #later: ReturnType<typeof setTimeout> | undefined;
  #boxes = true;

  constructor(entry: CameraEntry, cast: readonly CastEntry[], thresholds: PresenceThresholds) {
    this.#entry = entry;
    this.#cast = new Map(cast.map((member) => [member.id, member]));
    this.#thresholds = thresholds;
    this.#canvas.setAttribute("aria-label", `Newest picture of camera ${entry.id}`);
    this.#frame = element("div", { class: "frame" }, [this.#canvas, this.#sentence]);
    this.root = element("figure", { class: "camera", attributes: { "data-camera": entry.id } }, [
      element("figcaption", {}, [
        element("h3", { text: entry.id }),
        this.#badge,
        this.#age,
        this.#seenText,
        this.#counts,
      ]),
      this.#frame,
    ]);
    new ResizeObserver(() => this.#schedule()).observe(this.#frame);
  }

  set boxes(on: boolean) {
    this.#boxes = on;
    this.#schedule();
  }

  /** Resolves when the picture is decoded. @throws where it is no picture. */
  async addFrame({ header, jpeg }: Frame): Promise<void> {
    const stamp = header?.stamp;
    if (!stamp) return;
    const bitmap = await createImageBitmap(
      new Blob([jpeg as Uint8Array<ArrayBuffer>], { type: "image/jpeg" }),
    );
    const key = `${stamp.run}-${stamp.sequence}`;
    const picture = { key, capturedAtMs: stamp.capturedAtMs, bitmap, light: header.light };
    this.#sync.addPicture(picture, performance.now());
    this.#schedule();
  }

  addObservation(observation: Observation): void {
    const stamp = observation.frame;
    if (!stamp) return;
    const seen = seenIn(observation, this.#cast, this.#thresholds);
    const key = `${stamp.run}-${stamp.sequence}`;
    this.#sync.addLabels({ key, capturedAtMs: stamp.capturedAtMs, observation, seen }, performance.now());
    this.#schedule();
  }

  /** What changes with time even when no picture comes. */
  render({ linked, nowMs, status }: CameraCardContext): void {
    const shown = this.#shown;
    const pictureAgeMs = shown && nowMs !== undefined ? nowMs - shown.capturedAtMs : undefined;
    const view = describeCamera({
      linked,
      status,
      pictureAgeMs,
      light: shown?.light,
      darkBelow: this.#thresholds.darkBelow,
      takesPushes: this.#entry.takesPushes,
    });
    setData(this.root, "state", view.word);
    setText(this.#badge, view.title);
    setText(this.#sentence, view.sentence);
    setText(this.#age, pictureAgeMs === undefined ? "" : `${ageText(pictureAgeMs)} old`);
    setText(this.#seenText, view.word === "live" ? this.#seenWords() : "");
    setText(this.#counts, status ? countsText(status) : "");
  }

  #seenWords(): string {
    const found = this.#shown && this.#sync.labelsFor(this.#shown);
    if (!found) return "";
    const { seen, observation } = found.labels;
    // In the order of the cast list, so that words do not change places from picture to picture.
    const order = [...this.#cast.keys()];
    const inOrder = seen.toSorted((a, b) => order.indexOf(a.label) - order.indexOf(b.label));
    const names = inOrder.map(({ name, score, sure }) => `${name}${sure ? "" : "?"} ${percentText(score)}`);
    if (observation.unknown >= UNKNOWN_FROM) names.push(`somebody else ${percentText(observation.unknown)}`);
    return names.length > 0 ? names.join(", ") : "nobody seen";
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const next = this.#sync.take(performance.now());
    if (next) {
      this.#shown?.bitmap.close();
      this.#shown = next;
      this.#frame.style.aspectRatio = `${next.bitmap.width} / ${next.bitmap.height}`;
    }
    const lookAtMs = this.#sync.nextLookMs();
    clearTimeout(this.#later);
    if (lookAtMs !== undefined) {
      this.#later = setTimeout(() => this.#schedule(), Math.max(0, lookAtMs - performance.now()));
    }
    if (this.#shown) this.#paint(this.#shown);
  }

  #paint(picture: Picture): void {
    const canvas = { width: this.#frame.clientWidth, height: this.#frame.clientHeight };
    if (canvas.width === 0 || canvas.height === 0) return;
    const scale = Math.min(devicePixelRatio || 1, 2);
    const [width, height] = [Math.round(canvas.width * scale), Math.round(canvas.height * scale)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (!context) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = "#060607";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const area = fit(picture.bitmap, canvas);
    context.drawImage(picture.bitmap, area.x, area.y, area.width, area.height);
    const found = this.#sync.labelsFor(picture);
    if (!found || !this.#boxes) return;
    drawOverlay(context, found.labels.seen, { picture: picture.bitmap, canvas, exact: found.exact });
  }
}

function countsText({ sent, dropped }: CameraStatus): string {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return lost > 0 ? `${countText(sent, "picture")}, ${lost} left out` : countText(sent, "picture");
}
