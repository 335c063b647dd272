import { z } from "zod";
import { type PictureEntry, SPLITS } from "../metadata-line.ts";
import type { SourceItem } from "./source-item.ts";

/**
 * What COCO, VOC and the conversation formats have no field for travels in one field of our own, `followspot`,
 * which other readers pass by. So nothing is lost on the way out and back.
 */
const Particulars = z.object({
  kind: z.enum(["character", "prop", "unknown"]).optional(),
  name: z.string().max(256).optional(),
  scene: z.string().max(256).optional(),
  caption: z.string().max(4_096).optional(),
  split: z.enum(SPLITS).optional(),
  /** False where nobody framed the picture: these formats cannot tell that from "nobody is in it". */
  framed: z.boolean().optional(),
  /** How boxes in the text are written. */
  boxes: z.enum(["pixels", "qwen2-vl", "qwen2.5-vl"]).optional(),
  maxPixels: z.number().int().min(3_136).max(100_000_000).optional(),
  columns: z.record(z.string(), z.unknown()).optional(),
});
export type Particulars = z.infer<typeof Particulars>;

/** Undefined where the value is not ours. A text is taken for JSON. */
export function parseParticulars(value: unknown): Particulars | undefined {
  if (value === undefined || value === null) return undefined;
  const result = Particulars.safeParse(typeof value === "string" ? parseJson(value) : value);
  return result.success ? result.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function particularsOf(entry: PictureEntry): Particulars {
  const { kind, label, scene, caption, split, objects, extra } = entry;
  return Object.fromEntries(
    Object.entries({
      kind,
      name: kind === "unknown" ? undefined : label,
      scene,
      caption,
      split,
      framed: objects !== undefined,
      columns: extra,
    }).filter(([, value]) => value !== undefined),
  );
}

/** The fields of an item that particulars speak about. */
export function fromParticulars(particulars: Particulars | undefined): Partial<SourceItem> {
  if (!particulars) return {};
  const { kind, name, scene, caption, split, columns } = particulars;
  return Object.fromEntries(
    Object.entries({ kind, name, scene, caption, split, extra: columns }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
