import { createHash } from "node:crypto";
import type { PictureEntry } from "./metadata-line.ts";
import { hashDatasetPicture } from "./pixel-hash.ts";
import { PixelHashCache } from "./pixel-hash-cache.ts";
import type { Dataset } from "./read-dataset.ts";

/** A picture of a version: everything that training or judging can depend on. */
export interface VersionLine {
  /** Where it lay; not part of the version. */
  readonly fileName: string;
  /** SHA-256 of the upright, decoded pixels. */
  readonly pixels: string;
  readonly kind: PictureEntry["kind"];
  readonly label: string;
  readonly scene: string | null;
  readonly caption: string | null;
  readonly split: string | null;
  /** Label, left, top, width, height, in pixels of the upright picture; sorted. */
  readonly objects: readonly (readonly [string, number, number, number, number])[] | null;
}

export interface DatasetVersion {
  /** 64 hexadecimal digits: the same content has the same hash, whatever its files are called. */
  readonly hash: string;
  /** Sorted as they were hashed. */
  readonly lines: readonly VersionLine[];
}

export interface DatasetVersionOptions {
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** Keeps pixel hashes in the data set's folder. Default true. */
  readonly cache?: boolean;
}

/**
 * Hashes the content of a data set. Decodes every picture that has changed since the last time: a minute for a
 * thousand photographs, then milliseconds.
 * @throws UserError naming the line and the file of a picture that cannot be decoded.
 */
export async function datasetVersion(
  { dir, pictures }: Dataset,
  { onProgress = () => {}, signal, cache: keep = true }: DatasetVersionOptions = {},
): Promise<DatasetVersion> {
  const cache = keep ? await PixelHashCache.open(dir) : undefined;
  const lines: VersionLine[] = [];
  for (const picture of pictures) {
    signal?.throwIfAborted();
    lines.push(versionLine(picture, await hashDatasetPicture(picture, cache)));
    onProgress(lines.length / pictures.length);
  }
  await cache?.save(pictures.map(({ fileName }) => fileName));
  return versionOf(lines);
}

/** The version of lines whose pixels are hashed already. */
export function versionOf(lines: readonly VersionLine[]): DatasetVersion {
  const hash = createHash("sha256").update("followspot data set 1");
  const sorted = lines
    .map((line) => ({ line, text: textOf(line) }))
    .sort((a, b) => compare(a.text, b.text) || compare(a.line.fileName, b.line.fileName));
  for (const { text } of sorted) hash.update("\n").update(text);
  return { hash: hash.digest("hex"), lines: sorted.map(({ line }) => line) };
}

export function versionLine(entry: PictureEntry, pixels: string): VersionLine {
  const { fileName, kind, label, scene = null, caption = null, split = null, objects } = entry;
  const boxes = objects?.map(
    ({ label: who, box }) => [who, box.left, box.top, box.width, box.height] as const,
  );
  const sorted = boxes?.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))) ?? null;
  return { fileName, pixels, kind, label, scene, caption, split, objects: sorted };
}

function textOf({ pixels, kind, label, scene, caption, split, objects }: VersionLine): string {
  return JSON.stringify([pixels, kind, label, scene, caption, split, objects]);
}

/** By code units: the same order on every machine, whatever its language. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
