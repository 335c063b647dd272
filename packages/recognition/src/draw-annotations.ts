import sharp from "sharp";
import type { RecognizedLabel, Recognition } from "./recognize.ts";

/** Colours that can be told apart on stage pictures; a label always has the same one. */
const COLOURS = ["#ffd43b", "#4dd0ff", "#ff8a5c", "#8ce99a", "#f783ac", "#b197fc", "#63e6be", "#ffa8f0"];
const MAX_SIDE = 2_048;

export interface AnnotateOptions {
  /** Labels below this score are not drawn. Default 0.5. */
  readonly leastScore?: number;
  readonly format?: "jpeg" | "png";
}

/**
 * The picture, upright and at most 2,048 pixels a side, with a box and a name for every label that was found.
 * @param result boxes in pixels of the upright picture.
 */
export async function drawAnnotations(
  file: Uint8Array,
  result: Pick<Recognition, "labels" | "unknown"> & { readonly width: number; readonly height: number },
  { leastScore = 0.5, format = "jpeg" }: AnnotateOptions = {},
): Promise<Buffer> {
  const factor = Math.min(1, MAX_SIDE / Math.max(result.width, result.height));
  const width = Math.max(1, Math.round(result.width * factor));
  const height = Math.max(1, Math.round(result.height * factor));
  const found = result.labels.filter(({ score }) => score >= leastScore);
  const overlay = Buffer.from(
    drawOverlay(found, { width, height, factor, unknown: result.unknown >= leastScore }),
  );
  const image = sharp(file, { failOn: "error" })
    .autoOrient()
    .resize({ width, height, fit: "fill" })
    .flatten({ background: { r: 128, g: 128, b: 128 } })
    .composite([{ input: overlay, left: 0, top: 0 }]);
  return format === "png" ? await image.png().toBuffer() : await image.jpeg({ quality: 88 }).toBuffer();
}

function drawOverlay(
  found: readonly RecognizedLabel[],
  {
    width,
    height,
    factor,
    unknown,
  }: { readonly width: number; readonly height: number; readonly factor: number; readonly unknown: boolean },
): string {
  // Readable at any size: letters are a share of the picture.
  const letter = Math.max(11, Math.round(Math.min(width, height) * 0.032));
  const line = Math.max(2, Math.round(letter / 7));
  const texts: string[] = [];
  const unplaced: { text: string; colour: string }[] = [];
  for (const { label, score, box } of found) {
    const colour = colourOf(label);
    const text = `${label} ${Math.round(score * 100)} %`;
    if (!box) {
      unplaced.push({ text, colour });
      continue;
    }
    const left = Math.max(line, box.left * factor);
    const top = Math.max(line, box.top * factor);
    const right = Math.min(width - line, (box.left + box.width) * factor);
    const bottom = Math.min(height - line, (box.top + box.height) * factor);
    const size = `width="${Math.max(1, right - left).toFixed(1)}" height="${Math.max(1, bottom - top).toFixed(1)}"`;
    const at = `x="${left.toFixed(1)}" y="${top.toFixed(1)}"`;
    texts.push(
      `<rect ${at} ${size} rx="${line}" fill="none" stroke="#000" stroke-opacity=".6" stroke-width="${line * 2}"/>`,
    );
    texts.push(`<rect ${at} ${size} rx="${line}" fill="none" stroke="${colour}" stroke-width="${line}"/>`);
    const above = top > letter * 1.5 ? top - letter * 1.4 : top;
    texts.push(drawTag(text, { left, top: above, letter, colour, width }));
  }
  if (unknown) unplaced.push({ text: "somebody unknown", colour: "#ffffff" });
  for (const [index, { text, colour }] of unplaced.entries()) {
    texts.push(drawTag(text, { left: line, top: line + index * letter * 1.6, letter, colour, width }));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join("")}</svg>`;
}

function drawTag(
  text: string,
  {
    left,
    top,
    letter,
    colour,
    width,
  }: {
    readonly left: number;
    readonly top: number;
    readonly letter: number;
    readonly colour: string;
    readonly width: number;
  },
): string {
  const wide = Math.round(text.length * letter * 0.72 + letter * 0.6);
  const x = Math.max(0, Math.min(left, width - wide));
  return (
    `<rect x="${x.toFixed(1)}" y="${top.toFixed(1)}" width="${wide}" height="${Math.round(letter * 1.4)}" rx="${Math.round(letter / 5)}" fill="${colour}"/>` +
    `<text x="${(x + letter * 0.3).toFixed(1)}" y="${(top + letter * 1.05).toFixed(1)}" font-family="DejaVu Sans, Arial, sans-serif" ` +
    `font-size="${letter}" font-weight="600" fill="#111">${escapeText(text)}</text>`
  );
}

function colourOf(label: string): string {
  let sum = 0;
  for (const letter of label) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLOURS[sum % COLOURS.length] as string;
}

function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
