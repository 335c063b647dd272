import { create } from "@bufbuild/protobuf";
import { type Frame, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import sharp from "sharp";

export const WIDTH = 320;
export const HEIGHT = 180;

/** A grey stage with coloured blocks; another seed, another picture. */
export async function paintStage(seed: number): Promise<Uint8Array> {
  const cells = Uint8Array.from({ length: 8 * 6 * 3 }, (_, at) => (Math.imul(at + 1 + seed * 977, 2_654_435_761) >>> 24) & 255);
  return await sharp(cells, { raw: { width: 8, height: 6, channels: 3 } })
    .resize(WIDTH, HEIGHT, { kernel: "nearest", fit: "fill" })
    .jpeg()
    .toBuffer();
}

export interface Seen {
  readonly scores?: Readonly<Record<string, number>>;
  readonly unknown?: number;
  readonly atMs: number;
  readonly cameraId?: string;
  readonly light?: number;
  readonly box?: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
}

export function observe({ scores = {}, unknown = 0, atMs, cameraId = "stage", light = 0.5, box }: Seen): Observation {
  return create(ObservationSchema, {
    frame: { cameraId, run: 1, sequence: Math.round(atMs / 100), capturedAtMs: atMs },
    width: WIDTH,
    height: HEIGHT,
    light,
    unknown,
    labels: Object.entries(scores).map(([label, score]) => ({ label, score, raw: score, ...(box && { box }) })),
    recognizer: { name: "understudy", version: "0123456789ab", rung: "understudy", accuracy: 0.9 },
  });
}

export function frameOf(jpeg: Uint8Array, { frame }: Observation): Frame {
  return create(FrameSchema, { header: { ...(frame && { stamp: frame }), width: WIDTH, height: HEIGHT, light: 0.5 }, jpeg });
}
