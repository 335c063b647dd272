import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CastMember } from "@followspot/domain";
import { UserError } from "@followspot/domain";
import { isMap, isSeq, parseDocument } from "yaml";
import { parseShow } from "./read-show.ts";

type NewMember = Pick<CastMember, "id" | "kind" | "name"> & Partial<Pick<CastMember, "description">>;

/** The lines of show.yaml that make somebody a member of the cast, each behind `indent` blanks. */
export function castLines({ id, kind, name, description }: NewMember, indent = 2): string {
  const lines = [
    `- id: ${id}`,
    `  kind: ${kind}`,
    `  name: ${JSON.stringify(name)}`,
    ...(description ? [`  description: ${JSON.stringify(description)}`] : []),
  ];
  return lines.map((line) => `${" ".repeat(indent)}${line}\n`).join("");
}

/**
 * Adds somebody at the end of the cast in a show's show.yaml. Only lines are put in: every other byte stays, comments
 * too, and the result is read as a show before it takes the file's place.
 * @throws UserError with the lines to add by hand, where the file is written in a way that lines cannot be put into
 */
export async function addCastMember(showDir: string, member: NewMember): Promise<void> {
  const file = join(showDir, "show.yaml");
  const source = await readFile(file, "utf8");
  const next = insertMember(source, member);
  const refusal = `${file}: the cast list cannot be added to; add these lines to it yourself:\n${castLines(member)}`;
  if (next === undefined) throw new UserError(refusal);
  try {
    const { cast } = parseShow(next, { dir: showDir, file });
    if (!cast.some(({ id }) => id === member.id)) throw new UserError(refusal);
  } catch (cause) {
    throw new UserError(refusal, { cause });
  }
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, next, { mode: (await stat(file)).mode & 0o777 });
  await rename(part, file);
}

/** Undefined where the cast is no block of lines. */
function insertMember(source: string, member: NewMember): string | undefined {
  const document = parseDocument(source, { stringKeys: true });
  const cast: unknown = document.get("cast", true);
  if (document.errors.length > 0 || !isSeq(cast) || cast.flow) return undefined;
  const last = cast.items.at(-1);
  const first = cast.items[0];
  if (!isMap(last) || !last.range || !isMap(first) || !first.range) return undefined;
  // The dash of the first entry stands before its map, on the same line.
  const lineStart = source.lastIndexOf("\n", first.range[0]) + 1;
  const dash = source.slice(lineStart, first.range[0]);
  if (!/^ *- +$/.test(dash)) return undefined;
  // The end of the last value, without the blank lines and comments behind it: those belong to what follows.
  const end = last.range[1];
  const newline = source.indexOf("\n", Math.max(0, end - 1));
  const at = newline < 0 ? source.length : newline + 1;
  const before = source.slice(0, at);
  const eol = source.includes("\r\n") ? "\r\n" : "\n";
  const lines = castLines(member, dash.indexOf("-")).replaceAll("\n", eol);
  return `${before}${before.endsWith("\n") ? "" : eol}${lines}${source.slice(at)}`;
}
