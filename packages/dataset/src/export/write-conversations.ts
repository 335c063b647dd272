import { UNKNOWN_LABEL } from "@followspot/domain";
import { cornersOf } from "../formats/box-coordinates.ts";
import { writeBoxes } from "../formats/box-text.ts";
import type { Turn } from "../formats/conversation.ts";
import { particularsOf } from "../formats/particulars.ts";
import { DESCRIBE, NOBODY, WHO } from "../formats/questions.ts";
import type { SourceBox } from "../formats/source-item.ts";
import {
  bySplit,
  type ExportedFile,
  type ExportedPicture,
  type ExportFormat,
  type WriteOptions,
} from "./export-plan.ts";

const folderOf: ExportFormat["folderOf"] = ({ label }) => `images/${label}`;

/** LLaVA: a list of records with `image` and turns of `human` and `gpt`. */
export const llava: ExportFormat = {
  folderOf,
  write: (pictures, options) =>
    bySplit(pictures).map(([split, members]) => ({
      file: `${split}.json`,
      text: list(
        members.map((picture, at) => ({
          id: `${split}-${at + 1}`,
          image: picture.file,
          conversations: turnsOf(picture, options).map(({ by, text }) => ({
            from: by === "user" ? "human" : "gpt",
            value: text,
          })),
          followspot: particulars(picture, options),
        })),
      ),
    })),
};

/** ShareGPT with OpenAI's roles, as LLaMA-Factory takes it; dataset_info.json tells it so. */
export const sharegpt: ExportFormat = {
  folderOf,
  write: (pictures, options) => {
    const files = bySplit(pictures).map(([split, members]) => ({
      file: `${split}.json`,
      text: list(
        members.map((picture) => ({
          messages: messagesOf(picture, options),
          images: [picture.file],
          followspot: particulars(picture, options),
        })),
      ),
    }));
    return [...files, { file: "dataset_info.json", text: datasetInfo(files) }];
  },
};

/**
 * ms-swift: JSON lines. Boxes in pixels go into `objects`, from where it writes them itself in the way of the model
 * that it trains; those of another style stand in the answers.
 */
export const msSwift: ExportFormat = {
  folderOf,
  write: (pictures, options) =>
    bySplit(pictures).map(([split, members]) => ({
      file: `${split}.jsonl`,
      text: members
        .map((picture) => {
          const boxes = options.boxes === "pixels" ? boxesOf(picture) : [];
          return `${JSON.stringify({
            messages: messagesOf(picture, options, boxes.length > 0 ? placeholders(boxes) : undefined),
            images: [picture.file],
            ...(boxes.length > 0
              ? { objects: { ref: boxes.map(({ name }) => name), bbox: boxes.map(({ corners }) => corners) } }
              : {}),
            followspot: particulars(picture, options),
          })}\n`;
        })
        .join(""),
    })),
};

function turnsOf(picture: ExportedPicture, options: WriteOptions, boxAnswer?: string): Turn[] {
  const { entry, size } = picture;
  const boxes = boxesOf(picture);
  const framed = boxes.length > 0;
  const who = `<image>\n${WHO} The cast: ${options.labels.join(", ")}.${framed ? " Give the box of each." : ""}`;
  const answer = framed
    ? (boxAnswer ?? writeBoxes(boxes, size, options.boxes, options.maxPixels))
    : entry.label === UNKNOWN_LABEL
      ? NOBODY
      : entry.label;
  const turns: Turn[] = [
    { by: "user", text: who },
    { by: "assistant", text: answer },
  ];
  const caption = wordsAlone(entry.caption ?? "");
  if (caption) turns.push({ by: "user", text: DESCRIBE }, { by: "assistant", text: caption });
  return turns;
}

/** What the loaders or the models take for a picture, a box or the end of an answer, wherever it stands. */
const MARKS = /<(?:image|video|audio|bbox|ref-object|cot-process|start-image)>|<\|[^|<>]*\|>/g;

/** Somebody's words without them: LLaMA-Factory refuses all of a file for one `<image>` too many. */
function wordsAlone(text: string): string {
  return text.replaceAll(MARKS, " ").replaceAll(/\s+/g, " ").trim();
}

function messagesOf(picture: ExportedPicture, options: WriteOptions, boxAnswer?: string): object[] {
  return turnsOf(picture, options, boxAnswer).map(({ by, text }) => ({ role: by, content: text }));
}

function boxesOf({ entry }: ExportedPicture): SourceBox[] {
  return (entry.objects ?? []).map(({ label, box }) => ({ name: label, corners: cornersOf(box) }));
}

function placeholders(boxes: readonly SourceBox[]): string {
  return boxes.map(() => "<ref-object><bbox>").join("\n");
}

/** As a text: the loaders' tables want one type a column, and people's own columns have any. */
function particulars({ entry }: ExportedPicture, { boxes, maxPixels }: WriteOptions): string {
  const how = boxes === "qwen2.5-vl" ? { boxes, maxPixels } : { boxes };
  return JSON.stringify({
    ...particularsOf(entry),
    ...(entry.objects && entry.objects.length > 0 ? how : {}),
  });
}

function list(records: readonly object[]): string {
  return `[\n${records.map((record) => JSON.stringify(record)).join(",\n")}\n]\n`;
}

function datasetInfo(files: readonly ExportedFile[]): string {
  const entries = files.map(({ file }) => [
    `followspot_${file.replace(".json", "")}`,
    {
      file_name: file,
      formatting: "sharegpt",
      columns: { messages: "messages", images: "images" },
      tags: { role_tag: "role", content_tag: "content", user_tag: "user", assistant_tag: "assistant" },
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
}
