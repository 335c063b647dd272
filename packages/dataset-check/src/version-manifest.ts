import { constants } from "node:fs";
import { chmod, copyFile, link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DatasetVersion, SPLITS, type VersionLine, versionOf } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { z } from "zod";

const FORMAT = "followspot data set 1";
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;

const Line = z.object({
  fileName: z.string(),
  pixels: z.string().regex(/^[0-9a-f]{64}$/),
  kind: z.enum(["character", "prop", "unknown"]),
  label: z.string(),
  scene: z.string().nullable(),
  caption: z.string().nullable(),
  split: z.enum(SPLITS).nullable(),
  objects: z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()])).nullable(),
});
const Manifest = z.object({ format: z.literal(FORMAT), hash: z.string(), lines: z.array(Line) });

export function manifestFile(datasetDir: string, hash: string): string {
  return join(datasetDir, "versions", `${hash}.json`);
}

/**
 * Keeps what a version consists of as versions/HASH.json in the data set's folder, for ever: a manifest that is there
 * is never written again.
 * @throws UserError where the manifest of this hash was changed by somebody.
 */
export async function writeManifest(datasetDir: string, version: DatasetVersion): Promise<string> {
  const file = manifestFile(datasetDir, version.hash);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, textOf(version));
  await chmod(draft, 0o444);
  try {
    // Refuses to replace what is there, as a rename would not; on a disk without links, too.
    await link(draft, file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      await copyFile(draft, file, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    await readManifest(file);
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}

/** @throws UserError where it is missing, no manifest, or not what its hash says. */
export async function readManifest(file: string): Promise<DatasetVersion> {
  const found = await stat(file).catch(() => undefined);
  if (!found)
    throw new UserError(`${file}: there is no such manifest; \`dataset version --write\` makes them`);
  if (found.size > MAX_MANIFEST_BYTES) {
    throw new UserError(`${file} has ${found.size} bytes, at most ${MAX_MANIFEST_BYTES} are read`);
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new UserError(`${file}: this manifest is not JSON; restore it from a copy`, { cause });
  }
  const result = Manifest.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UserError(
      `${file}: ${issue?.path.join(".") || "the manifest"}: ${issue?.message}; restore it from a copy`,
    );
  }
  const { hash, lines } = result.data;
  const version = versionOf(lines);
  if (version.hash !== hash || !file.endsWith(`${hash}.json`)) {
    throw new UserError(`${file}: the manifest was changed after it was written; restore it from a copy`);
  }
  return version;
}

export interface VersionChanges {
  /** File names; of the newer version, where it has the picture. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Same pixels, other label, scene, caption, boxes or split. */
  readonly changed: readonly string[];
}

/** What was done between two versions; pictures are told by their pixels, not by their names. */
export function compareVersions(older: DatasetVersion, newer: DatasetVersion): VersionChanges {
  const before = Map.groupBy(older.lines, ({ pixels }) => pixels);
  const after = Map.groupBy(newer.lines, ({ pixels }) => pixels);
  const added = newer.lines.filter(({ pixels }) => !before.has(pixels));
  const removed = older.lines.filter(({ pixels }) => !after.has(pixels));
  const changed = [...after].flatMap(([pixels, lines]) => {
    const earlier = before.get(pixels);
    return earlier && versionOf(earlier).hash !== versionOf(lines).hash ? lines : [];
  });
  return { added: namesOf(added), removed: namesOf(removed), changed: namesOf(changed) };
}

function namesOf(lines: readonly VersionLine[]): string[] {
  return lines.map(({ fileName }) => fileName).sort();
}

/** One picture a line, so that two manifests can be compared by eye. */
function textOf({ hash, lines }: DatasetVersion): string {
  const head = { format: FORMAT, hash, pictures: lines.length };
  const body = lines.map((line) => `    ${JSON.stringify(line)}`).join(",\n");
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "lines": [\n${body}\n  ]\n}\n`;
}
