import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  appendPictures,
  decodePicture,
  isNearDuplicate,
  type PictureAddition,
  readDataset,
  tracePicture,
} from "@followspot/dataset";
import type { KeptFrame, TeachFrame } from "./teach-session.ts";

/** What a session has collected, and about whom. */
export interface Lesson {
  readonly label: string;
  readonly kind: "character" | "prop";
  readonly cameraId: string;
  /** One sentence about the newcomer, for whoever trains on captions. */
  readonly caption?: string;
  readonly pictures: readonly KeptFrame[];
  readonly empty: TeachFrame | undefined;
}

export interface AddedLesson {
  readonly scene: string;
  /** Relative to the data set. */
  readonly files: readonly string[];
  /** Pictures that are golden ones over again: those never enter training. */
  readonly golden: number;
}

const TRACE_SIDE = 256;

/**
 * Adds a lesson to a data set, all pictures or none: the newcomer's with its box, and the empty stage as a picture of
 * nobody, so that the place is not taken for the puppet. One lesson is one scene.
 */
export async function addLesson(datasetDir: string, lesson: Lesson): Promise<AddedLesson> {
  const first = lesson.pictures[0]?.frame.takenAtMs ?? 0;
  const scene = `teach-${new Date(first).toISOString().slice(0, 10)}-${lesson.cameraId}`;
  const golden = await goldenTraces(datasetDir);
  const additions: PictureAddition[] = [];
  for (const { frame, box } of lesson.pictures) {
    const { sourceWidth, sourceHeight, ...small } = await decodePicture(frame.jpeg, { maxSide: TRACE_SIDE });
    const trace = tracePicture(small);
    if (golden.some((other) => isNearDuplicate(other, trace))) continue;
    const [across, down] = [sourceWidth / frame.picture.width, sourceHeight / frame.picture.height];
    const placed = {
      left: Math.round(box.left * across),
      top: Math.round(box.top * down),
      width: Math.round(box.width * across),
      height: Math.round(box.height * down),
    };
    additions.push({
      bytes: frame.jpeg,
      suggestedName: `${scene}/${lesson.label}`,
      kind: lesson.kind,
      label: lesson.label,
      scene,
      caption: lesson.caption,
      objects: [{ label: lesson.label, box: placed }],
      extra: provenance(lesson, frame),
    });
  }
  const fresh = additions.length;
  if (lesson.empty && fresh > 0) {
    additions.push({
      bytes: lesson.empty.jpeg,
      suggestedName: `${scene}/empty-stage`,
      kind: "unknown",
      label: "unknown",
      scene,
      objects: [],
      extra: provenance(lesson, lesson.empty),
    });
  }
  const files = await appendPictures(datasetDir, additions);
  return { scene, files, golden: lesson.pictures.length - fresh };
}

function provenance({ cameraId }: Lesson, { takenAtMs }: TeachFrame): Record<string, unknown> {
  return { source: "teach", camera: cameraId, taken_at: new Date(takenAtMs).toISOString() };
}

async function goldenTraces(datasetDir: string) {
  // A data set that does not exist yet has no golden picture either.
  const lines = await readFile(join(datasetDir, "metadata.jsonl"), "utf8").catch(() => "");
  if (lines.trim() === "") return [];
  const { pictures } = await readDataset(datasetDir);
  const golden = pictures.filter(({ split }) => split === "golden");
  const traces = [];
  for (const { path } of golden)
    traces.push(tracePicture(await decodePicture(await readFile(path), { maxSide: TRACE_SIDE })));
  return traces;
}
