import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { fit, placeTags, type Rect } from "./overlay-layout.ts";
import type { PresenceThresholds } from "./show-document.ts";
import { percentText } from "./words.ts";

const TAG_PADDING = 7;
const LARGE = { tagHeight: 22, font: "600 12.5px system-ui, sans-serif", scores: true };
/** On a phone tags would cover what they name, so they are smaller and leave the scores to the caption. */
const SMALL = { tagHeight: 17, font: "600 10.5px system-ui, sans-serif", scores: false };
const SMALL_BELOW_PX = 520;
const COLOURS = {
  character: "#f2b34b",
  prop: "#5fc7c0",
  tagText: "#f4efe6",
  tagBack: "rgba(12, 12, 14, 0.86)",
};
/** Labels of another frame than the one shown are drawn fainter: they may sit a little beside what they name. */
const INEXACT_ALPHA = 0.6;

export interface Seen {
  readonly label: string;
  readonly name: string;
  readonly kind: "character" | "prop";
  readonly score: number;
  /** At least the score that presence takes as evidence for; below it is a maybe. */
  readonly sure: boolean;
  /** Share of the picture's width and height, 0 to 1; absent where the recognizer gave no place. */
  readonly box: Rect | undefined;
}

/** What an observation says is in the picture: everything that is not evidence against being there, best first. */
export function seenIn(
  observation: Observation,
  cast: ReadonlyMap<string, { readonly name: string; readonly kind: "character" | "prop" }>,
  { enterScore, exitScore }: Pick<PresenceThresholds, "enterScore" | "exitScore">,
): Seen[] {
  const { width, height } = observation;
  return observation.labels
    .filter(({ score }) => score >= exitScore)
    .toSorted((a, b) => b.score - a.score)
    .map(({ label, score, box }) => ({
      label,
      name: cast.get(label)?.name ?? label,
      kind: cast.get(label)?.kind ?? "prop",
      score,
      sure: score >= enterScore,
      box:
        box && box.right > box.left && box.bottom > box.top && width > 0 && height > 0
          ? {
              x: box.left / width,
              y: box.top / height,
              width: (box.right - box.left) / width,
              height: (box.bottom - box.top) / height,
            }
          : undefined,
    }));
}

/** Draws boxes and name tags over a picture of `picture` pixels that fills a canvas of `canvas` CSS pixels. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  seen: readonly Seen[],
  options: {
    readonly picture: { readonly width: number; readonly height: number };
    readonly canvas: { readonly width: number; readonly height: number };
    readonly exact: boolean;
  },
): void {
  const area = fit(options.picture, options.canvas);
  context.save();
  context.globalAlpha = options.exact ? 1 : INEXACT_ALPHA;
  const { tagHeight, font, scores } = options.canvas.width < SMALL_BELOW_PX ? SMALL : LARGE;
  context.font = font;
  context.textBaseline = "middle";
  let placeless = 0;
  const tagged = seen.map((one) => {
    const text = `${one.name}${one.sure ? "" : "?"}${scores ? `  ${percentText(one.score)}` : ""}`;
    const tagWidth = context.measureText(text).width + TAG_PADDING * 2 + 3;
    // Without a place its tag stands in the lower left corner, in a column.
    const box = one.box
      ? {
          x: area.x + one.box.x * area.width,
          y: area.y + one.box.y * area.height,
          width: one.box.width * area.width,
          height: one.box.height * area.height,
        }
      : { x: area.x + 8, y: area.y + area.height - 8 - (tagHeight + 2) * placeless++, width: 0, height: 0 };
    return { one, text, tagWidth, box };
  });
  for (const { one, box } of tagged) if (one.box) drawBox(context, box, one);
  const places = placeTags(tagged, { area, tagHeight });
  for (const [index, { one, text }] of tagged.entries()) {
    const place = places[index];
    if (place) drawTag(context, place, { text, kind: one.kind });
  }
  context.restore();
}

/** Characters have whole lines, props dashed ones: colour is not the only sign. */
function drawBox(context: CanvasRenderingContext2D, box: Rect, { kind, sure }: Seen): void {
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 5);
  context.setLineDash([]);
  context.strokeStyle = "rgba(8, 8, 10, 0.75)";
  context.lineWidth = 4.5;
  context.stroke();
  context.setLineDash(kind === "prop" ? [7, 5] : []);
  context.strokeStyle = COLOURS[kind];
  context.lineWidth = sure ? 2.25 : 1.25;
  context.stroke();
  context.setLineDash([]);
}

function drawTag(
  context: CanvasRenderingContext2D,
  place: Rect,
  { text, kind }: { readonly text: string; readonly kind: "character" | "prop" },
): void {
  context.fillStyle = COLOURS.tagBack;
  context.beginPath();
  context.roundRect(place.x, place.y, place.width, place.height, 4);
  context.fill();
  context.fillStyle = COLOURS[kind];
  context.fillRect(place.x, place.y + 3, 3, place.height - 6);
  context.fillStyle = COLOURS.tagText;
  context.fillText(text, place.x + TAG_PADDING + 3, place.y + place.height / 2 + 0.5);
}
