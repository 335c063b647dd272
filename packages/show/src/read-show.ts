import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { RUNGS, UserError } from "@followspot/domain";
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { parseCameraSource, SOURCE_RULE } from "./camera-source.ts";
import { problemText } from "./problem-text.ts";
import type { CameraConfig, RecognizerConfig, Show } from "./show.ts";
import { ShowFile } from "./show-file.ts";

const FILE_NAME = "show.yaml";
const MAX_BYTES = 1_000_000;
/** More would not be read; the first few usually explain the rest. */
const MAX_PROBLEMS = 8;

type Path = readonly PropertyKey[];

/** Reads and checks a show folder's show.yaml. @throws UserError with one line a problem: file, line, what is allowed. */
export async function readShow(folder: string): Promise<Show> {
  const dir = resolve(folder);
  const file = join(dir, FILE_NAME);
  return parseShow(await readBounded(file), { dir, file });
}

/** The same for a text in hand; `file` is the name used in messages. */
export function parseShow(
  source: string,
  { dir, file }: { readonly dir: string; readonly file: string },
): Show {
  const lines = new LineCounter();
  // Aliases are refused: a few bytes of them can unfold to gigabytes.
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
  });
  const [syntax] = document.errors;
  if (syntax) throw new UserError(`${file}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`);
  const at = (path: Path, key?: string): number => lines.linePos(offsetOf(document, path, key)).line;
  const parsed = ShowFile.safeParse(toJs(document, file), { reportInput: true });
  if (!parsed.success) {
    throw problems(
      file,
      parsed.error.issues.map((issue) => ({
        line: at(issue.path, issue.code === "unrecognized_keys" ? issue.keys[0] : undefined),
        text: problemText(issue, allowedAt(issue.path)),
      })),
    );
  }
  const found = crossCheck(parsed.data, dir);
  if (found.length > 0)
    throw problems(
      file,
      found.map(({ path, text }) => ({ line: at(path), text })),
    );
  const { cameras, recognizer, ...rest } = parsed.data;
  return {
    ...rest,
    dir,
    recognizer: recognizerConfig(recognizer),
    cameras: cameras.map(
      (camera): CameraConfig => ({
        ...camera,
        floorFps: Math.min(camera.floorFps, camera.fps),
        // crossCheck has refused what does not parse.
        source: parseCameraSource(camera.source, dir) ?? { kind: "push" },
      }),
    ),
  };
}

const QWEN_MODEL = "qwen2_vl_scores";
const UNDERSTUDY_MODEL = "understudy";

function recognizerConfig({
  triton,
  model,
  adapter,
  cascade,
  ladder: named,
  ...rest
}: ShowFile["recognizer"]): RecognizerConfig {
  const ladder = named ?? (triton === undefined ? RUNGS.filter((rung) => rung !== "qwen2-vl") : RUNGS);
  return {
    ...rest,
    ladder,
    model: model ?? (ladder.includes("qwen2-vl") ? QWEN_MODEL : UNDERSTUDY_MODEL),
    ...(triton === undefined ? {} : { triton }),
    ...(adapter === undefined ? {} : { adapter }),
    ...(cascade === undefined ? {} : { cascade }),
  };
}

/** What one field alone cannot tell. */
function crossCheck(show: ShowFile, dir: string): { path: Path; text: string }[] {
  const found: { path: Path; text: string }[] = [];
  for (const list of ["cast", "scenes", "cameras"] as const) {
    const seen = new Set<string>();
    for (const [index, { id }] of show[list].entries()) {
      if (seen.has(id))
        found.push({ path: [list, index, "id"], text: `the id "${id}" is used twice in ${list}` });
      seen.add(id);
    }
  }
  const cast = new Set(show.cast.map((member) => member.id));
  for (const [index, member] of show.cast.entries()) {
    if (member.id === "unknown") {
      found.push({
        path: ["cast", index, "id"],
        text: 'the id "unknown" is kept for whoever is not in the cast',
      });
    }
  }
  for (const [index, scene] of show.scenes.entries()) {
    for (const [place, id] of scene.cast.entries()) {
      if (cast.has(id)) continue;
      const text = `"${id}" is not in the cast; the cast is ${[...cast].join(", ")}`;
      found.push({ path: ["scenes", index, "cast", place], text });
    }
  }
  for (const [index, camera] of show.cameras.entries()) {
    if (parseCameraSource(camera.source, dir)) continue;
    found.push({
      path: ["cameras", index, "source"],
      text: `cameras.${index}.source must be ${SOURCE_RULE}`,
    });
  }
  found.push(...checkLadder(show.recognizer));
  return found;
}

function checkLadder({
  ladder,
  triton,
  cascade,
  ask,
}: ShowFile["recognizer"]): { path: Path; text: string }[] {
  const path = ["recognizer", "ladder"];
  const found: { path: Path; text: string }[] = [];
  if (ladder?.includes("qwen2-vl") && !triton) {
    const text =
      "the ladder names qwen2-vl, so recognizer.triton must give the server's address, grpc://HOST:PORT";
    found.push({ path, text });
  }
  if (ladder && ladder.join() !== RUNGS.filter((rung) => ladder.includes(rung)).join()) {
    found.push({ path, text: `the ladder goes from best to last, each once: ${RUNGS.join(", ")}` });
  }
  if (ladder && !ladder.includes("qwen2-vl") && !ladder.includes("understudy")) {
    found.push({ path, text: "the ladder needs somebody who looks: name qwen2-vl, understudy or both" });
  }
  const both = ladder ? ladder.includes("qwen2-vl") && ladder.includes("understudy") : triton !== undefined;
  if (cascade && !both) {
    const text = "a cascade needs both: name qwen2-vl and understudy in recognizer.ladder";
    found.push({ path: ["recognizer", "cascade"], text });
  }
  if (ladder && ask === "verify" && !ladder.includes("understudy")) {
    const text = "to ask by verify, the understudy must propose: name it in recognizer.ladder";
    found.push({ path: ["recognizer", "ask"], text });
  }
  return found;
}

function problems(
  file: string,
  found: readonly { readonly line: number; readonly text: string }[],
): UserError {
  const shown = found.slice(0, MAX_PROBLEMS).map(({ line, text }) => `${file}:${line}: ${text}`);
  const more = found.length - shown.length;
  return new UserError([...shown, ...(more > 0 ? [`and ${more} more problems`] : [])].join("\n"));
}

function toJs(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw new UserError(`${file}: aliases (*name) are not supported: write the value out`, { cause });
  }
}

/** The offset of the value at `path`, or of `key` in it; where there is none, of the nearest thing around it. */
function offsetOf(document: Document, path: Path, key?: string): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    return node.range[0];
  }
  return 0;
}

/** The keys that the schema knows at `path`. */
function allowedAt(path: Path): string[] {
  let schema: unknown = ShowFile;
  for (const step of path) {
    schema = unwrap(schema);
    const { shape, element } = schema as { shape?: Record<PropertyKey, unknown>; element?: unknown };
    schema = typeof step === "number" ? element : shape?.[step];
  }
  return Object.keys((unwrap(schema) as { shape?: object } | undefined)?.shape ?? {});
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  for (;;) {
    const definition = (inner as z.ZodType | undefined)?.def as { innerType?: unknown } | undefined;
    if (!definition?.innerType) return inner;
    inner = definition.innerType;
  }
}

async function readBounded(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES)
      throw new UserError(`${file} is larger than 1 MB: this cannot be a show's description`);
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot read ${file}: a show folder needs a show.yaml (see docs/show-folder.md)`, {
      cause: error,
    });
  }
}
