import { metadataLineHash, readDataset, readMetadataLines, type DatasetPicture } from "@followspot/dataset";
import type { CastMember } from "@followspot/domain";
import { type Vocabulary, vocabularyOf } from "../checks/invented-names.ts";
import type { Bible } from "../prompts/bible.ts";
import type { ShowKnowledge } from "../prompts/show-text.ts";
import { whoIsHere } from "./who-is-here.ts";

/** A picture of the data set with what captions need to know of it. */
export interface CaptionPicture {
  readonly picture: DatasetPicture;
  /** Hash of its line in metadata.jsonl. */
  readonly line: string;
  readonly here: readonly CastMember[];
}

export interface CaptionRoom {
  readonly pictures: readonly CaptionPicture[];
  readonly vocabulary: Vocabulary;
}

/** Reads the data set for captions. @throws UserError as readDataset does, and for labels that the cast does not have */
export async function openRoom(
  datasetDir: string,
  { show, bible }: { readonly show: ShowKnowledge; readonly bible?: Bible | undefined },
): Promise<CaptionRoom> {
  const { pictures } = await readDataset(datasetDir);
  const lines = await readMetadataLines(datasetDir);
  const texts = [
    ...show.scenes.map(({ name }) => name),
    ...show.rules,
    ...(bible?.paragraphs ?? []),
    ...pictures.flatMap(({ caption, scene }) => [caption ?? "", scene ?? ""]),
  ];
  return {
    vocabulary: vocabularyOf(show.cast, texts),
    pictures: pictures.map((picture) => ({
      picture,
      line: metadataLineHash(lines.get(picture.fileName) ?? ""),
      here: whoIsHere(picture, show.cast),
    })),
  };
}
