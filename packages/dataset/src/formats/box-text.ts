import type { BoxUnit, Corners, Size } from "./box-coordinates.ts";
import { DEFAULT_MAX_PIXELS, toUnit } from "./box-coordinates.ts";
import type { BoxStyle } from "./format-names.ts";
import type { SourceBox } from "./source-item.ts";

export function unitOf(style: BoxStyle, maxPixels: number = DEFAULT_MAX_PIXELS): BoxUnit {
  if (style === "qwen2-vl") return { kind: "thousandths" };
  return style === "qwen2.5-vl" ? { kind: "resized", maxPixels } : { kind: "pixels" };
}

/** An answer in which every subject has its box, written as the model that is to learn it was taught to. */
export function writeBoxes(
  boxes: readonly SourceBox[],
  size: Size,
  style: BoxStyle,
  maxPixels?: number,
): string {
  const unit = unitOf(style, maxPixels);
  const written = boxes.map(({ name, corners }) => ({ name, corners: toUnit(corners, size, unit) }));
  if (style === "qwen2-vl") {
    return written
      .map(
        ({ name, corners: [x1, y1, x2, y2] }) =>
          `<|object_ref_start|>${name}<|object_ref_end|><|box_start|>(${x1},${y1}),(${x2},${y2})<|box_end|>`,
      )
      .join("\n");
  }
  const list = written.map(({ name, corners }) => `\t${JSON.stringify({ bbox_2d: corners, label: name })}`);
  return `\`\`\`json\n[\n${list.join(",\n")}\n]\n\`\`\``;
}

const number = String.raw`\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*`;
const MARKED = new RegExp(
  String.raw`<\|object_ref_start\|>([^<]{1,256})<\|object_ref_end\|>` +
    String.raw`((?:<\|box_start\|>\(${number},${number}\),\(${number},${number}\)<\|box_end\|>)+)`,
  "g",
);
const MARKED_BOX = new RegExp(String.raw`\(${number},${number}\),\(${number},${number}\)`, "g");
const OBJECT = /\{[^{}]{0,1000}\}/g;

/** The boxes in an answer, and in which style they are; undefined where it holds none. */
export function readBoxes(
  answer: string,
): { readonly boxes: readonly SourceBox[]; readonly style: BoxStyle } | undefined {
  const marked = [...answer.matchAll(MARKED)].flatMap(([, name = "", spans = ""]) =>
    [...spans.matchAll(MARKED_BOX)].map((numbers) => ({
      name: name.trim(),
      corners: numbers.slice(1, 5).map(Number) as unknown as Corners,
    })),
  );
  if (marked.length > 0) return { boxes: marked, style: "qwen2-vl" };
  const listed = [...answer.matchAll(OBJECT)].flatMap(([text]) => boxFromJson(text));
  return listed.length > 0 ? { boxes: listed, style: "qwen2.5-vl" } : undefined;
}

function boxFromJson(text: string): SourceBox[] {
  if (!text.includes("bbox")) return [];
  try {
    const { bbox_2d: qwen, bbox, label } = JSON.parse(text) as Record<string, unknown>;
    const corners = qwen ?? bbox;
    const whole = Array.isArray(corners) && corners.length === 4 && corners.every(Number.isFinite);
    if (!whole || typeof label !== "string" || label.trim() === "") return [];
    return [{ name: label.trim(), corners: corners as unknown as Corners }];
  } catch {
    return [];
  }
}
