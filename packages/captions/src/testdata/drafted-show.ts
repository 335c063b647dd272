import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { metadataLineHash, readMetadataLines } from "@followspot/dataset";
import { readShow } from "@followspot/show";
import { CaptionDesk } from "../desk/caption-desk.ts";
import { openRoom } from "../desk/caption-room.ts";
import type { Draft } from "../desk/draft.ts";
import { draftsOf } from "../desk/draft-captions.ts";
import { captionShow } from "./caption-show.ts";

export const FILES = ["red-01.jpg", "wolf-01.jpg", "axe-01.jpg"];
export const OLD = "The Wolf facing the camera on the wooden table, at noon.";

/** A show of three real pictures with a draft of each that waits. */
export async function draftedShow(context: Pick<TestContext, "after">, changes: Readonly<Record<string, Partial<Draft>>> = {}) {
  const dir = await captionShow(context, { files: FILES, captioned: ["wolf-01.jpg"] });
  const datasetDir = join(dir, "dataset");
  const show = await readShow(dir);
  const lines = await readMetadataLines(datasetDir);
  const draftOf = (file: string, other: Partial<Draft> = {}): Draft => ({
    file_name: file,
    line: metadataLineHash(lines.get(file) ?? ""),
    at: "2026-05-02T20:00:00.000Z",
    old: file === "wolf-01.jpg" ? OLD : null,
    caption: `Draft of ${file.replace("-01.jpg", "")}.`,
    identity: "grey fur",
    state: "bowing",
    place: "in the garden",
    who: [],
    flags: [],
    seen: "A puppet.",
    readings: { look: "json", tidy: "json" },
    models: { look: "qwen2_vl at here", tidy: "qwen2_text at here" },
    ...other,
  });
  await draftsOf(datasetDir).append(FILES.map((file) => draftOf(file, changes[file])));
  const desk = new CaptionDesk({
    datasetDir,
    room: await openRoom(datasetDir, { show }),
    cast: show.cast,
    who: "ada",
    now: () => new Date("2026-05-03T08:00:00Z"),
  });
  const idOf = async (file: string) => {
    const { open } = await desk.look();
    return open.find(({ draft }) => draft.file_name === file)?.id ?? assert.fail(`no open draft of ${file}`);
  };
  const entry = async (file: string) =>
    JSON.parse((await readMetadataLines(datasetDir)).get(file) ?? "") as Record<string, unknown>;
  return { dir, datasetDir, desk, idOf, entry, draftOf };
}

