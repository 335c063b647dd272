import { dirname } from "node:path";
import { firstIssue, inWords } from "../in-words.ts";
import { readBoxes, unitOf } from "./box-text.ts";
import type { BoxStyle, Format } from "./format-names.ts";
import type { BoxUnit, Corners } from "./box-coordinates.ts";
import { picturesOf, Record, type Turn, turnsOf } from "./conversation.ts";
import { fromParticulars, parseParticulars, type Particulars } from "./particulars.ts";
import { DESCRIBE, NOBODY, WHO } from "./questions.ts";
import { type SourceFolder, splitOfPath } from "./source-folder.ts";
import {
  noPicture,
  type Source,
  type SourceBox,
  type SourceItem,
  type SourceProblem,
} from "./source-item.ts";

const MAX_RECORDS = 200_000;
const MAX_CAPTION = 4_096;

export interface ConversationOptions {
  /** In which style boxes are that do not tell themselves (`bbox_2d` of Qwen2.5-VL where nothing is said). */
  readonly boxes?: BoxStyle | undefined;
  readonly maxPixels?: number | undefined;
}

/**
 * LLaVA, ShareGPT, messages and ms-swift: a JSON list, or JSON lines, of records with one picture each. Several
 * records about one picture become one: their boxes together, the first caption.
 */
export async function readConversations(
  folder: SourceFolder,
  files: readonly string[],
  format: Format,
  options: ConversationOptions = {},
): Promise<Source> {
  const problems: SourceProblem[] = [];
  const items = new Map<string, SourceItem>();
  let withoutPicture = 0;
  for (const file of files) {
    for (const { place, value } of recordsOf(await folder.readText(file), folder.path(file), problems)) {
      const result = Record.safeParse(value, { error: inWords });
      if (!result.success) {
        problems.push({ place, message: firstIssue(result.error, "the record") });
        continue;
      }
      const [picture, ...more] = picturesOf(result.data);
      if (picture === undefined) {
        withoutPicture++;
        continue;
      }
      if (more.length > 0) {
        problems.push({
          place,
          message: `${more.length + 1} pictures in one record; only records of one can be taken over: split it`,
        });
        continue;
      }
      const found = folder.find(picture, dirname(file), ["images", ".."]);
      if (found === undefined) {
        problems.push({ place, message: noPicture("image", picture) });
        continue;
      }
      const item = itemOf(folder, file, found, place, result.data, options);
      const earlier = items.get(found);
      items.set(found, earlier ? merged(earlier, item) : item);
    }
  }
  const notes = withoutPicture > 0 ? [`${withoutPicture} records without a picture were left out`] : [];
  return { format, items: [...items.values()], problems, notes };
}

/** Lines or one list: told apart by the first character, as no line of records begins with a bracket. */
function recordsOf(
  text: string,
  path: string,
  problems: SourceProblem[],
): { readonly place: string; readonly value: unknown }[] {
  const parse = (json: string, place: string): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      problems.push({ place, message: "this is not JSON; write it again" });
      return undefined;
    }
  };
  if (text.trimStart().startsWith("[")) {
    const list = parse(text, path);
    if (!Array.isArray(list)) return [];
    return list.slice(0, MAX_RECORDS).map((value, at) => ({ place: `${path}: record ${at + 1}`, value }));
  }
  return text.split("\n", MAX_RECORDS).flatMap((line, at) => {
    if (line.trim() === "") return [];
    const place = `${path}:${at + 1}`;
    const value = parse(line, place);
    return value === undefined ? [] : [{ place, value }];
  });
}

function itemOf(
  folder: SourceFolder,
  file: string,
  found: string,
  place: string,
  record: Record,
  options: ConversationOptions,
): SourceItem {
  const ours = parseParticulars(record.followspot);
  const turns = turnsOf(record);
  const framed = nativeBoxes(record) ?? boxesInText(turns, ours, options);
  return {
    path: folder.path(found),
    place,
    name: nameOf(record, turns, framed?.boxes, found),
    ...(turns.some(({ by, text }) => by === "assistant" && text === NOBODY)
      ? { kind: "unknown" as const }
      : {}),
    caption: captionOf(turns),
    split: splitOfPath(found) ?? splitOfPath(file),
    boxes: framed?.boxes ?? (ours?.framed ? [] : undefined),
    ...(framed ? { unit: framed.unit } : {}),
    ...(ours ? { split: undefined, name: undefined, ...fromParticulars(ours) } : {}),
  };
}

interface Framed {
  readonly boxes: readonly SourceBox[];
  readonly unit: BoxUnit;
}

/** ms-swift keeps boxes apart from the text, in pixels, and writes them into it for the model at hand. */
function nativeBoxes({ objects }: Record): Framed | undefined {
  const bbox = objects?.bbox?.filter((corners) => corners.length === 4);
  if (!bbox || bbox.length === 0) return undefined;
  const refs = objects?.ref ?? [];
  // One name may stand for several boxes: <ref-object> once, <bbox> often.
  const name = (at: number): string | undefined => refs[at] ?? (refs.length === 1 ? refs[0] : undefined);
  const boxes = bbox.flatMap((corners, at) => {
    const called = name(at);
    return called === undefined ? [] : [{ name: called, corners: corners as unknown as Corners }];
  });
  if (boxes.length === 0) return undefined;
  return { boxes, unit: { kind: objects?.bbox_type === "norm1" ? "fraction" : "pixels" } };
}

function boxesInText(
  turns: readonly Turn[],
  ours: Particulars | undefined,
  options: ConversationOptions,
): Framed | undefined {
  const read = turns.flatMap(({ by, text }) => (by === "assistant" ? (readBoxes(text) ?? []) : []));
  const [first] = read;
  if (!first) return undefined;
  const style = ours?.boxes ?? options.boxes ?? first.style;
  return {
    boxes: read.flatMap(({ boxes }) => boxes),
    unit: unitOf(style, ours?.maxPixels ?? options.maxPixels),
  };
}

function nameOf(
  { label }: Record,
  turns: readonly Turn[],
  boxes: readonly SourceBox[] | undefined,
  found: string,
): string | undefined {
  if (boxes && boxes.length > 0) return undefined;
  if (typeof label === "string" && label !== "") return label;
  const asked = turns.findIndex(({ by, text }) => by === "user" && text.includes(WHO));
  const answer = asked === -1 ? undefined : turns[asked + 1]?.text;
  if (answer !== undefined && answer !== NOBODY) return answer.split(",")[0];
  const parent = dirname(found).split("/").at(-1) ?? ".";
  return /^(?:\.|images?|data|pictures|photos)$/.test(parent) || splitOfPath(found) ? undefined : parent;
}

/** The answer to the request for a description; in records of others the last answer that is plain text. */
function captionOf(turns: readonly Turn[]): string | undefined {
  const asked = turns.findIndex(({ by, text }) => by === "user" && text.includes(DESCRIBE));
  if (asked !== -1) return turns[asked + 1]?.text.slice(0, MAX_CAPTION);
  if (turns.some(({ by, text }) => by === "user" && text.includes(WHO))) return undefined;
  const plain = turns.findLast(
    ({ by, text }) =>
      by === "assistant" && readBoxes(text) === undefined && !/<ref-object>|<bbox>/.test(text),
  );
  return plain?.text.trim().slice(0, MAX_CAPTION) || undefined;
}

function merged(one: SourceItem, other: SourceItem): SourceItem {
  const boxes = one.boxes || other.boxes ? [...(one.boxes ?? []), ...(other.boxes ?? [])] : undefined;
  return { ...other, ...one, caption: one.caption ?? other.caption, boxes, unit: one.unit ?? other.unit };
}
