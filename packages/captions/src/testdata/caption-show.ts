import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const SAMPLE = fileURLToPath(new URL("../../../../shows/little-red-riding-hood", import.meta.url));

export interface CaptionShowOptions {
  /** Pictures of the sample show's data set, in the order of its metadata.jsonl. */
  readonly files: readonly string[];
  /** Files that keep the caption that they have there. None where left out. */
  readonly captioned?: readonly string[];
}

/** A show folder with a few real pictures of the sample show. */
export async function captionShow(
  context: Pick<TestContext, "after">,
  { files, captioned = [] }: CaptionShowOptions,
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-captions-show-"));
  context.after(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, "dataset"));
  await cp(join(SAMPLE, "show.yaml"), join(dir, "show.yaml"));
  const lines: string[] = [];
  for (const line of (await readFile(join(SAMPLE, "dataset/metadata.jsonl"), "utf8")).split("\n")) {
    if (line === "") continue;
    const entry = JSON.parse(line) as { file_name: string; caption?: string };
    if (!files.includes(entry.file_name)) continue;
    if (!captioned.includes(entry.file_name)) delete entry.caption;
    await cp(join(SAMPLE, "dataset", entry.file_name), join(dir, "dataset", entry.file_name));
    lines.push(JSON.stringify(entry));
  }
  await writeFile(join(dir, "dataset/metadata.jsonl"), `${lines.join("\n")}\n`);
  return dir;
}

export const readMetadata = (dir: string): Promise<string> => readFile(join(dir, "dataset/metadata.jsonl"), "utf8");
