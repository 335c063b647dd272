import { dirname } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { firstIssue, inWords } from "../in-words.ts";
import { fromParticulars, parseParticulars } from "./particulars.ts";
import { type SourceFolder, splitOfPath, stemOf } from "./source-folder.ts";
import { noPicture, type Source, type SourceItem, type SourceProblem } from "./source-item.ts";

const MAX_XML_BYTES = 1024 * 1024;

const coordinate = z.coerce.number().finite();
const Annotation = z.object({
  annotation: z.looseObject({
    filename: z.string().max(1_024).nullish(),
    size: z
      .looseObject({ width: z.coerce.number().positive(), height: z.coerce.number().positive() })
      .nullish()
      .catch(null),
    followspot: z.string().max(100_000).nullish(),
    object: z
      .array(
        z.looseObject({
          name: z.string().min(1).max(256),
          bndbox: z.looseObject({ xmin: coordinate, ymin: coordinate, xmax: coordinate, ymax: coordinate }),
        }),
      )
      .max(256)
      .default([]),
  }),
});
type Annotation = z.infer<typeof Annotation>["annotation"];

const parser = new XMLParser({
  // Numbers as text: a puppet may be called "007".
  parseTagValue: false,
  isArray: (name) => name === "object",
});

/** Pascal VOC: one XML file a picture. Corners count from 1, and the last pixel belongs to the box. */
export async function readVoc(folder: SourceFolder, files: readonly string[]): Promise<Source> {
  const problems: SourceProblem[] = [];
  const read: { readonly file: string; readonly annotation: Annotation }[] = [];
  for (const file of files) {
    const parsed = parseVoc(await folder.readText(file, MAX_XML_BYTES).catch(() => ""));
    if ("message" in parsed) problems.push({ place: folder.path(file), message: parsed.message });
    else read.push({ file, ...parsed });
  }
  // A corner at 0 cannot be where counting starts at 1: then the whole set was written by a tool that counts from 0.
  const fromZero = read.some(({ annotation }) =>
    annotation.object.some(({ bndbox }) => bndbox.xmin < 1 || bndbox.ymin < 1),
  );
  const items: SourceItem[] = [];
  for (const { file, annotation } of read) {
    const found = pictureOf(folder, file, annotation);
    if (found === undefined) {
      problems.push({
        place: folder.path(file),
        message: noPicture("filename", annotation.filename ?? stemOf(file)),
      });
    } else {
      items.push(itemOf(folder, file, found, annotation, fromZero ? 0 : 1));
    }
  }
  const notes = fromZero
    ? ["these VOC boxes count pixels from 0, against the format's custom: taken so"]
    : [];
  return { format: "voc", items, problems, notes };
}

/** @returns what is wrong with it, as a message, where it is no annotation. */
export function parseVoc(xml: string): { readonly annotation: Annotation } | { readonly message: string } {
  // Annotations need no document type; whoever declares entities is up to something.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml))
    return { message: "document types and entities are not accepted; remove them" };
  let json: unknown;
  try {
    json = parser.parse(xml, true);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : "broken";
    return { message: `this is no XML (${reason})` };
  }
  const result = Annotation.safeParse(json, { error: inWords });
  if (result.success) return result.data;
  return { message: firstIssue(result.error, "the file") };
}

function itemOf(
  folder: SourceFolder,
  file: string,
  found: string,
  { object, size, followspot }: Annotation,
  first: 0 | 1,
): SourceItem {
  const ours = parseParticulars(followspot);
  return {
    path: folder.path(found),
    place: folder.path(file),
    ...(object.length === 0 ? { kind: "unknown" as const } : {}),
    split: splitOfPath(found) ?? splitOfPath(file),
    boxes:
      ours?.framed === false
        ? undefined
        : object.map(({ name, bndbox: { xmin, ymin, xmax, ymax } }) => ({
            name,
            // Counted from 1, the last pixel's number is where the box ends, counted from 0.
            corners: [xmin - first, ymin - first, xmax, ymax] as const,
          })),
    size: size ?? undefined,
    ...(ours ? { split: undefined, ...fromParticulars(ours) } : {}),
  };
}

function pictureOf(folder: SourceFolder, file: string, { filename }: Annotation): string | undefined {
  const folders = ["../JPEGImages", "../images", "..", "images", "JPEGImages"];
  const named = filename ? folder.find(filename, dirname(file), folders) : undefined;
  if (named !== undefined) return named;
  // Some tools keep the name that the picture had elsewhere: then the one beside of the same stem is meant.
  const stem = `${stemOf(file)}.`;
  const beside = folder.pictures.filter((picture) => picture.split("/").at(-1)?.startsWith(stem));
  return beside.length === 1 ? beside[0] : undefined;
}
