import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { appendPictures, datasetVersion, type Picture, readDataset } from "@followspot/dataset";
import { type CastMember, SeededRandom } from "@followspot/domain";
import sharp from "sharp";
import { drawStage } from "../../recognition/src/testdata/painted-samples.ts";
import { checkDataset, type DatasetCheck } from "./check-dataset.ts";
import { renderCheck, verdictOf } from "./check-report.ts";
import { CHECKS, type CheckName } from "./finding.ts";

const CAST: readonly CastMember[] = ["red", "wolf", "axe"].map((id) => ({
  id,
  kind: "character",
  name: id,
  aliases: [],
  description: "",
}));

async function jpegOf({ rgb, width, height }: Picture): Promise<Buffer> {
  // Large enough that nobody has a subject below a hundred pixels.
  return await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(width * 4, height * 4, { kernel: "nearest" })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Four pictures of each of three subjects in each of three places, captioned and framed; nothing is wrong with it. */
async function newDataset(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-check-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const random = new SeededRandom(3);
  const additions = [];
  for (const scene of ["wall", "table", "garden"]) {
    for (const label of ["red", "wolf", "axe"]) {
      for (let number = 0; number < 4; number++) {
        const { picture, truth } = drawStage([label], random, scene);
        additions.push({
          bytes: await jpegOf(picture),
          suggestedName: `${scene}/${label}-${number}`,
          kind: "character" as const,
          label,
          scene,
          caption: `a ${label}, number ${number}`,
          objects: truth.map(({ box: { left, top, width, height }, ...rest }) => ({
            ...rest,
            box: { left: left * 4, top: top * 4, width: width * 4, height: height * 4 },
          })),
        });
      }
    }
  }
  await appendPictures(dir, additions);
  return dir;
}

async function changeLines(
  dir: string,
  change: (line: Record<string, unknown>, index: number) => object | string,
): Promise<void> {
  const file = join(dir, "metadata.jsonl");
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const changed = lines.map((line, index) => change(JSON.parse(line) as Record<string, unknown>, index));
  await writeFile(
    file,
    changed.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
}

/** Every file of the folder, hidden ones too, with the hash of its bytes. */
async function contentOf(dir: string): Promise<Record<string, string>> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  const content: Record<string, string> = {};
  for (const file of files.filter((one) => one.isFile())) {
    const path = join(file.parentPath, file.name);
    content[path] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return content;
}

function foundBy(check: DatasetCheck, name: CheckName): string[] {
  return check.findings
    .filter((finding) => finding.check === name)
    .map(({ severity, pictures, message }) => `${severity} ${pictures.length} ${message}`);
}

test("a good data set has no errors, its report is the version's, and nothing in the folder changes", async (context) => {
  const dir = await newDataset(context);
  const before = await contentOf(dir);
  const steps: string[] = [];
  const check = await checkDataset(dir, {
    cast: CAST,
    seed: 1,
    labels: false,
    onProgress: (share, doing) => steps.push(`${share > 1 ? "too far" : ""}${doing}`),
  });
  const html = await renderCheck(check, { command: "followspot dataset check" });
  assert.deepEqual(await contentOf(dir), before);
  assert.equal(check.ok, true);
  assert.equal(check.pictures, 36);
  assert.deepEqual(check.counts.error, 0);
  assert.equal(check.version, (await datasetVersion(await readDataset(dir), { cache: false })).hash);
  assert.deepEqual(new Set(steps), new Set(["looking at pictures", "comparing pictures"]));
  assert.deepEqual(
    check.checks.map((summary) => summary.check),
    Object.keys(CHECKS),
  );
  assert.match(html, new RegExp(verdictOf(check)));
  assert.match(html, new RegExp(String(check.version)));
});

test("whatever is wrong is told, all of it at once, with its line and its picture, in the report too", async (context) => {
  const dir = await newDataset(context);
  const { pictures } = await readDataset(dir);
  const at = (index: number): { readonly path: string; readonly fileName: string } =>
    pictures[index] as never;
  const cut = await readFile(at(3).path);
  await writeFile(at(3).path, cut.subarray(0, cut.length / 2));
  await writeFile(at(4).path, "");
  await writeFile(
    at(5).path,
    await sharp(await readFile(at(5).path))
      .flop()
      .png()
      .toBuffer(),
  );
  const mirror = await sharp(await readFile(at(6).path))
    .flop()
    .jpeg({ quality: 85 })
    .toBuffer();
  await appendPictures(dir, [
    {
      bytes: mirror,
      suggestedName: "mirror",
      kind: "character",
      label: "wolf",
      scene: "elsewhere",
      split: "test",
    },
  ]);
  await changeLines(dir, (line, index) => {
    if (index === 0) return '{"file_name": ';
    if (index === 1) return { ...line, kind: "hero" };
    if (index === 2) return { ...line, file_name: "../outside.jpg" };
    if (index === 7) return { ...line, caption: "an axe" };
    return index === 8 ? { ...line, split: "golden" } : line;
  });
  const check = await checkDataset(dir, { cast: CAST, seed: 1, labels: false });
  assert.equal(check.ok, false);
  assert.equal(check.version, null, "what cannot be read has no version");
  assert.deepEqual(
    check.findings
      .filter((finding) => finding.check === "metadata")
      .map(({ place }) => place?.split(":").at(-1)),
    ["1", "2", "3"],
  );
  assert.match(
    foundBy(check, "metadata").join("\n"),
    /not JSON[^]*kind: must be one of[^]*must lie inside the data set's folder/,
  );
  assert.match(foundBy(check, "decode").join("\n"), /cannot be decoded[^]*is empty/);
  assert.match(foundBy(check, "format").join("\n"), /is a PNG, but its name says JPEG/);
  assert.match(foundBy(check, "near-duplicates").join("\n"), /warning 2 2 pictures may be one shot/);
  assert.match(foundBy(check, "leaks").join("\n"), /error 2 scene "wall" is both learnt from and judged by/);
  assert.match(
    foundBy(check, "leaks").join("\n"),
    /warning 2 what may be one shot is both learnt from and judged by/,
  );
  assert.match(
    foundBy(check, "captions").join("\n"),
    /the caption does not name wolf[^]*there is no caption/,
  );
  const html = await renderCheck(check, { command: "followspot dataset check" });
  assert.doesNotMatch(html, /(?:src|href)="(?!data:|#)/, "the file needs nothing beside it");
  for (const { message } of check.findings.slice(0, 10)) {
    assert.ok(
      html.includes(
        message
          .replaceAll("&", "&amp;")
          .replaceAll("<", "&lt;")
          .replaceAll('"', "&quot;")
          .replaceAll("'", "&#39;"),
      ),
      message,
    );
  }
});

test("a wrong name is suspected, with the nearest pictures of both", async (context) => {
  const dir = await newDataset(context);
  await changeLines(dir, (line, index) => {
    if (index !== 0) return line;
    const { objects } = line as { objects: { bbox: number[][] } };
    return { ...line, name: "wolf", objects: { bbox: objects.bbox, categories: ["wolf"] } };
  });
  const check = await checkDataset(dir, { cast: CAST, seed: 1 });
  const suspects = check.findings.filter((finding) => finding.check === "labels");
  assert.match(
    suspects[0]?.message ?? "",
    /it is called wolf, and looks like red \(\d+ %; wolf \d+ %\): is the name right\?/,
  );
  assert.match(suspects[0]?.pictures.join(" ") ?? "", /^wall\/red-0\S* \S+red-\S+ \S+wolf-\S+$/);
  assert.deepEqual(suspects[0]?.roles, ["in question", "nearest red", "nearest wolf"]);
  assert.match(await renderCheck(check, { command: "" }), /<b>nearest red<\/b>/);
  assert.equal(suspects.length, 1, "and nobody else is");
});
