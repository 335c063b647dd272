import type { Picture } from "@followspot/dataset";
import { SeededRandom, UNKNOWN_LABEL } from "@followspot/domain";
import { LOOK_SIDE, type TrainingSample } from "@followspot/recognition";
import sharp from "sharp";
import { type Exhibit, showsOne } from "./exhibit.ts";
import type { Fold } from "./folds.ts";
import type { ExamFold, ExamItem } from "./exam.ts";

/** Pictures of different subjects, side by side as one. */
export interface Collage extends ExamItem {
  readonly parts: readonly Exhibit[];
  readonly scene: string;
}

const MOST_PARTS = 3;
const HEIGHT = 320;

/**
 * Lays held-out pictures side by side, one to three of different subjects, as many of each number. A fold whose
 * pictures show fewer subjects gives none with more.
 */
export function planCollages(
  folds: readonly Fold[],
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly ExamFold<Collage>[] {
  const random = new SeededRandom(seed);
  let made = 0;
  const each = Math.ceil(count / Math.max(1, folds.length));
  return folds.map(({ train, test }) => {
    const bySubject = [...Map.groupBy(test.filter(showsOne), ({ present }) => present[0] as string).values()];
    const collages: Collage[] = [];
    for (let turn = 0; turn < each && made < count; turn++) {
      const size = (made % MOST_PARTS) + 1;
      made++;
      if (bySubject.length < size) continue;
      random.shuffle(bySubject);
      const parts = bySubject
        .slice(0, size)
        .map((pictures) => pictures[random.below(pictures.length)] as Exhibit);
      collages.push({
        parts,
        scene: parts.map(({ scene }) => scene).join(" + "),
        load: () => loadCollage(parts),
      });
    }
    return { train, test: collages };
  });
}

async function loadCollage(parts: readonly Exhibit[]): Promise<TrainingSample> {
  const pictures = await Promise.all(parts.map(async (part) => (await part.load()).picture));
  return { picture: await layOut(pictures), label: UNKNOWN_LABEL, scene: "collage", objects: undefined };
}

/** All of one height, side by side, at most LOOK_SIDE wide. */
export async function layOut(pictures: readonly Picture[]): Promise<Picture> {
  const wide = pictures.reduce((sum, { width, height }) => sum + (width * HEIGHT) / height, 0);
  const height = Math.max(16, Math.round(HEIGHT * Math.min(1, LOOK_SIDE / wide)));
  const scaled = await Promise.all(
    pictures.map(async (picture) => {
      const width = Math.max(1, Math.round((picture.width * height) / picture.height));
      const data = await sharp(picture.rgb, {
        raw: { width: picture.width, height: picture.height, channels: 3 },
      })
        .resize({ width, height, fit: "fill" })
        .raw()
        .toBuffer();
      return { data, width };
    }),
  );
  const width = scaled.reduce((sum, one) => sum + one.width, 0);
  const rgb = new Uint8Array(width * height * 3);
  let left = 0;
  for (const { data, width: own } of scaled) {
    for (let y = 0; y < height; y++) {
      rgb.set(data.subarray(y * own * 3, (y + 1) * own * 3), (y * width + left) * 3);
    }
    left += own;
  }
  return { rgb, width, height };
}
