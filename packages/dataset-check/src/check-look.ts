import { type DatasetPicture, measureQuality, type Picture } from "@followspot/dataset";
import { UNKNOWN_LABEL } from "@followspot/domain";
import { blurEffect } from "./blur-effect.ts";
import type { CheckName, Finding, Severity } from "./finding.ts";
import type { Subject } from "./inspect-picture.ts";
import { findPaddingBars } from "./padding-bars.ts";

/** Pixels of the subject's shorter side, in the picture as it was taken: below, what tells two apart is lost. */
const LEAST_SIDE = 100;
/** Between crisp photographs (up to 0.43) and ones blurred by two pixels at the size looked at (from 0.47). */
const BLURRED = 0.46;
/** Mean luma, 0 to 255. */
const DARK = 35;
const BRIGHT = 225;

export interface Looked {
  /** As large as it was taken; upright. */
  readonly full: { readonly width: number; readonly height: number };
  /** At the size that the understudy looks at. */
  readonly picture: Picture;
  /** Side of `picture` by side of `full`. */
  readonly factor: number;
  readonly subjects: readonly Subject[];
}

/** What can be seen in one picture: bars, boxes, and how well its subjects can be made out. */
export function checkLook(entry: DatasetPicture, { full, picture, factor, subjects }: Looked): Finding[] {
  const findings: Finding[] = [];
  const add = (
    check: CheckName,
    severity: Severity,
    message: string,
    measured?: Record<string, number | string>,
  ) =>
    findings.push({
      check,
      severity,
      message,
      pictures: [entry.fileName],
      place: entry.place,
      ...(measured ? { measured } : {}),
    });
  for (const bar of findPaddingBars(picture)) {
    const percent = Math.round(bar.share * 100);
    add("bars", "warning", `a plain bar covers ${percent} % at the ${bar.side}: cut it off`, { ...bar });
  }
  for (const [index, { label, box }] of (entry.objects ?? []).entries()) {
    const right = box.left + box.width;
    const bottom = box.top + box.height;
    const outside = Math.max(-box.left, -box.top, right - full.width, bottom - full.height);
    if (outside <= 1) continue;
    const gone = Math.min(right, full.width) - Math.max(box.left, 0) < 1;
    const lost = gone || Math.min(bottom, full.height) - Math.max(box.top, 0) < 1;
    add(
      "boxes",
      lost ? "error" : "warning",
      `objects.bbox.${index} (${label}) lies ${lost ? "outside" : "partly outside"} the picture of ` +
        `${full.width} x ${full.height} pixels: draw it again`,
    );
  }
  for (const { label, box, framed } of subjects) {
    const who = framed && label !== UNKNOWN_LABEL ? label : "the subject";
    const side = Math.round(Math.min(box.width, box.height) / factor);
    if (side < LEAST_SIDE) {
      add(
        "size",
        "warning",
        `${who} is only ${side} pixels on its short side: below ${LEAST_SIDE} too little tells it from others`,
        {
          side,
        },
      );
    }
    const blur = round(blurEffect(picture, box));
    if (blur > BLURRED) {
      add("blur", "warning", `${who} is blurred: take a sharp picture`, { blur });
    }
    const brightness = Math.round(measureQuality(picture, box).brightness);
    if (brightness < DARK) {
      add("light", "warning", `${who} is hardly visible in the dark: take one with more light`, {
        brightness,
      });
    } else if (brightness > BRIGHT) {
      add("light", "warning", `${who} is washed out by light: take one with less`, { brightness });
    }
  }
  return findings;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
