import {
  type Box,
  type DatasetPicture,
  decodeDatasetPicture,
  type Picture,
  scaleBox,
} from "@followspot/dataset";
import { dot, embedCrop, LOOK_SIDE } from "@followspot/recognition";

export interface LookAlikeOptions {
  readonly labels: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (share: number) => void;
}

/** Pictures of one label that are looked at. */
const MOST_PICTURES = 16;
/** Of the pairs between two labels those count that are most alike: one view of each is enough to be taken for it. */
const NEAREST_SHARE = 0.25;
/** Of each side, in the middle: where a subject is taken to be when nobody framed it. */
const MIDDLE = 0.71;

/**
 * For each label the others, most alike first, as the understudy's own eye sees them: whom it would confuse, a larger
 * model has to be taught to tell apart.
 */
export async function findLookAlikes(
  pictures: readonly DatasetPicture[],
  { labels, signal, onProgress = () => {} }: LookAlikeOptions,
): Promise<Record<string, string[]>> {
  const looks = new Map<string, Float32Array[]>(labels.map((label) => [label, []]));
  for (const [index, entry] of pictures.entries()) {
    signal?.throwIfAborted();
    const framed = entry.objects ?? [{ label: entry.label, box: undefined }];
    const wanted = framed.filter(({ label }) => (looks.get(label)?.length ?? MOST_PICTURES) < MOST_PICTURES);
    if (wanted.length > 0) {
      const picture = await decodeDatasetPicture(entry, { maxSide: LOOK_SIDE });
      const factor = picture.width / picture.sourceWidth;
      for (const { label, box } of wanted) {
        looks.get(label)?.push(embedCrop(picture, box ? scaleBox(box, factor) : middleOf(picture)));
      }
    }
    onProgress((index + 1) / pictures.length);
  }
  return Object.fromEntries(labels.map((label) => [label, nearestTo(label, looks)]));
}

function nearestTo(label: string, looks: ReadonlyMap<string, readonly Float32Array[]>): string[] {
  const own = looks.get(label) ?? [];
  return [...looks]
    .filter(([other, theirs]) => other !== label && theirs.length > 0 && own.length > 0)
    .map(([other, theirs]) => ({ other, alike: alikeness(own, theirs) }))
    .sort((a, b) => b.alike - a.alike || (a.other < b.other ? -1 : 1))
    .map(({ other }) => other);
}

function alikeness(own: readonly Float32Array[], theirs: readonly Float32Array[]): number {
  const pairs = own.flatMap((one) => theirs.map((other) => dot(one, other))).sort((a, b) => b - a);
  const nearest = pairs.slice(0, Math.max(1, Math.round(pairs.length * NEAREST_SHARE)));
  return nearest.reduce((sum, value) => sum + value, 0) / nearest.length;
}

function middleOf({ width, height }: Picture): Box {
  const rest = (1 - MIDDLE) / 2;
  return { left: width * rest, top: height * rest, width: width * MIDDLE, height: height * MIDDLE };
}
