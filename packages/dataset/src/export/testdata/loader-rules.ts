/**
 * What the loaders of two training tools demand of a data set, written down from their code:
 * LLaMA-Factory 0.9.5 (data/parser.py, data/converter.py, data/mm_plugin.py) and ms-swift 4.6.0
 * (dataset/preprocessor/core.py, template/base.py). Both read JSON into tables of one type a column.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Row = Readonly<Record<string, unknown>>;
interface Message {
  readonly role: string;
  readonly content: string;
}

/** What LLaMA-Factory would refuse, or quietly leave out; nothing where it takes all of it. */
export function llamaFactoryProblems(dir: string): string[] {
  const info = readJson(join(dir, "dataset_info.json")) as Record<string, LlamaFactoryEntry>;
  return Object.entries(info).flatMap(([name, { file_name, formatting, columns, tags }]) => {
    const rows = readJson(join(dir, file_name)) as readonly Row[];
    if (formatting !== "sharegpt") return [`${name}: formatting is ${formatting}`];
    const rowProblems = rows.flatMap((row, index) => {
      const place = `${name}[${index}]`;
      const messages = row[columns.messages] as readonly Row[];
      const images = row[columns.images] as readonly string[];
      const turns = messages.map((message) => ({
        role: message[tags.role_tag] as string,
        content: message[tags.content_tag] as string,
      }));
      return [
        ...turns.flatMap(({ role, content }, turn) => [
          ...(role === (turn % 2 === 0 ? tags.user_tag : tags.assistant_tag)
            ? []
            : [`${place}: ${role} at turn ${turn}`]),
          ...(typeof content === "string" && content !== "" ? [] : [`${place}: no words at turn ${turn}`]),
        ]),
        ...(turns.length > 0 && turns.length % 2 === 0 ? [] : [`${place}: ${turns.length} turns`]),
        ...marks(place, turns, { "<image>": images.length, "<video>": 0, "<audio>": 0 }),
        ...missing(place, dir, images),
      ];
    });
    return [...rowProblems, ...mixedColumns(name, rows)];
  });
}

interface LlamaFactoryEntry {
  readonly file_name: string;
  readonly formatting: string;
  readonly columns: { readonly messages: string; readonly images: string };
  readonly tags: Readonly<Record<"role_tag" | "content_tag" | "user_tag" | "assistant_tag", string>>;
}

const SWIFT_ROLES = new Set(["system", "user", "tool_call", "tool_response", "tool", "assistant"]);

/** The same for one file of ms-swift. */
export function msSwiftProblems(dir: string, file: string): string[] {
  const rows = readFileSync(join(dir, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  const rowProblems = rows.flatMap((row, index) => {
    const place = `${file}:${index + 1}`;
    const messages = row["messages"] as readonly Message[];
    const images = row["images"] as readonly string[];
    const objects = row["objects"] as { ref: string[]; bbox: number[][] } | undefined;
    return [
      ...(messages.length > 0 ? [] : [`${place}: no messages`]),
      ...messages.flatMap(({ role, content }) =>
        SWIFT_ROLES.has(role) && typeof content === "string" ? [] : [`${place}: ${role}: ${content}`],
      ),
      ...(messages.at(-1)?.role === "assistant" ? [] : [`${place}: there is nothing to learn at the end`]),
      ...(objects?.bbox.every((box) => box.length === 2 || box.length === 4) === false
        ? [`${place}: a box has neither two nor four numbers`]
        : []),
      ...marks(place, messages, {
        "<image>": images.length,
        "<video>": 0,
        "<audio>": 0,
        "<bbox>": objects?.bbox.length ?? 0,
        "<ref-object>": objects?.ref.length ?? 0,
      }),
      ...missing(place, dir, images),
    ];
  });
  return [...rowProblems, ...mixedColumns(file, rows)];
}

function marks(
  place: string,
  turns: readonly { readonly content: string }[],
  wanted: Readonly<Record<string, number>>,
): string[] {
  const text = turns.map(({ content }) => content).join("");
  return Object.entries(wanted).flatMap(([mark, count]) => {
    const found = text.split(mark).length - 1;
    return found === count ? [] : [`${place}: ${found} times ${mark}, not ${count}`];
  });
}

function missing(place: string, dir: string, images: readonly string[]): string[] {
  return images.filter((image) => !existsSync(join(dir, image))).map((image) => `${place}: no ${image}`);
}

/** Columns, at any depth, that are a number in one row and a text in another: no table holds those. */
function mixedColumns(name: string, rows: readonly Row[]): string[] {
  const kinds = new Map<string, Set<string>>();
  for (const row of rows) collectKinds(row, "", kinds);
  return [...kinds]
    .filter(([, found]) => found.size > 1)
    .map(([column, found]) => `${name}: ${column} is ${[...found].sort().join(" and ")}`);
}

function collectKinds(value: unknown, path: string, kinds: Map<string, Set<string>>): void {
  if (value === null || value === undefined) return;
  const kind = Array.isArray(value) ? "list" : typeof value;
  kinds.set(path, (kinds.get(path) ?? new Set()).add(kind));
  if (Array.isArray(value)) for (const item of value) collectKinds(item, `${path}[]`, kinds);
  else if (kind === "object")
    for (const [key, item] of Object.entries(value as object)) collectKinds(item, `${path}.${key}`, kinds);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
