import { readFile } from "node:fs/promises";
import type { CastMember } from "@followspot/domain";
import { DeadlineExceeded, withDeadline } from "@followspot/runtime";
import { InferenceError } from "@followspot/triton";
import { type FamilyProfile, fitPicture } from "@followspot/vision-language";
import { checkDraft } from "../checks/check-caption.ts";
import { composeCaption } from "../checks/compose-caption.ts";
import { foldAliases } from "../checks/fold-aliases.ts";
import type { Vocabulary } from "../checks/invented-names.ts";
import type { WritingModel } from "../models/writing-model.ts";
import { LOOK_SCHEMA, LOOK_TOKENS, lookQuestion } from "../prompts/look.ts";
import { TIDY_TOKENS, tidyQuestion, tidySchema } from "../prompts/tidy.ts";
import { readLook } from "../reading/read-look.ts";
import { readTidied } from "../reading/read-tidied.ts";
import { askUntilRead } from "./ask-until-read.ts";
import type { CaptionPicture } from "./caption-room.ts";
import type { DraftLine, Failure } from "./draft.ts";

export interface DraftingModels {
  /** Undefined: the captions that are there are tidied, and no picture is looked at. */
  readonly look: { readonly model: WritingModel; readonly system: string } | undefined;
  readonly tidy: { readonly model: WritingModel; readonly system: string };
}

export interface DraftPictureOptions extends DraftingModels {
  readonly cast: readonly CastMember[];
  readonly vocabulary: Vocabulary;
  readonly profile: FamilyProfile;
  readonly maxPixels: number;
  /** For everything that is asked about one picture, tries and waiting included. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Told of each answer, read or not. */
  readonly onAnswer: (answer: { readonly read: boolean }) => void;
}

/** Something that ends the work on one picture, and not the run. */
class PictureFailure extends Error {
  readonly failure: Failure;
  readonly said: string | undefined;

  constructor(failure: Failure, said?: string) {
    super(failure);
    this.failure = failure;
    this.said = said;
  }
}

/** Of an answer that cannot be read so much is kept. */
const QUOTED = 300;

/**
 * One picture: looked at, described, taken apart, put together, checked.
 * @throws InferenceError where the server does not answer; the reason of `signal` where that ended it
 */
export async function draftPicture(
  { picture, line, here }: CaptionPicture,
  options: DraftPictureOptions,
): Promise<DraftLine> {
  const { cast, vocabulary, look, tidy, signal, deadlineMs, now, onAnswer } = options;
  const head = { file_name: picture.fileName, line };
  try {
    return await withDeadline(signal, deadlineMs, async (limited) => {
      const ask = { signal: limited, deadlineMs, onAnswer };
      const seen = look ? await describe(picture.path, { ...options, here, ask, look }) : undefined;
      const text = seen?.read.caption ?? picture.caption ?? "";
      const tidied = await askUntilRead({
        ...ask,
        model: tidy.model,
        question: {
          system: tidy.system,
          user: tidyQuestion(text, here),
          schema: tidySchema(cast),
          maxTokens: TIDY_TOKENS,
        },
        read: (answer) => readTidied(answer, cast),
      });
      if (!tidied.read) throw new PictureFailure("unreadable-tidying", tidied.said);
      const folded = foldParts(tidied.read.tidied, here);
      const caption = composeCaption(here, folded);
      const against = { cast, vocabulary, here: new Set(here.map(({ id }) => id)) };
      return {
        ...head,
        at: now().toISOString(),
        old: picture.caption ?? null,
        caption,
        ...folded,
        who: [...folded.who],
        flags: [...checkDraft({ caption, tidied: folded, seen: text }, against)],
        seen: text,
        readings: { look: seen?.read.reading ?? null, tidy: tidied.read.reading },
        models: { look: look ? nameOf(look.model) : null, tidy: nameOf(tidy.model) },
      };
    });
  } catch (error) {
    const failure = failureOf(error);
    if (!failure || signal.aborted) throw error;
    const said = failure.said?.slice(0, QUOTED);
    return {
      ...head,
      at: now().toISOString(),
      failed: failure.failure,
      ...(said === undefined ? {} : { said }),
    };
  }
}

async function describe(
  path: string,
  {
    look,
    here,
    profile,
    maxPixels,
    ask,
  }: Pick<DraftPictureOptions, "profile" | "maxPixels"> & {
    readonly look: NonNullable<DraftingModels["look"]>;
    readonly here: readonly CastMember[];
    readonly ask: Pick<Parameters<typeof askUntilRead>[0], "signal" | "deadlineMs" | "onAnswer">;
  },
) {
  const { jpeg } = await readFile(path)
    .then((bytes) => fitPicture(bytes, { profile, maxPixels }))
    .catch((error: unknown) => {
      throw new PictureFailure("bad-picture", error instanceof Error ? error.message : String(error));
    });
  const { read, said } = await askUntilRead({
    ...ask,
    model: look.model,
    question: {
      system: look.system,
      user: lookQuestion(here),
      jpeg,
      schema: LOOK_SCHEMA,
      maxTokens: LOOK_TOKENS,
    },
    read: readLook,
  });
  if (!read) throw new PictureFailure("unreadable-look", said);
  return { read };
}

function foldParts<T extends { identity: string; state: string; place: string }>(
  tidied: T,
  here: readonly CastMember[],
): T {
  const { identity, state, place } = tidied;
  return {
    ...tidied,
    identity: foldAliases(identity, here),
    state: foldAliases(state, here),
    place: foldAliases(place, here),
  };
}

/** What may be the picture's or its caption's own fault, such as a text that is too long for the model. */
const OWN_FAULTS = new Set(["rejected", "failed", "too-large", "malformed-answer"]);

function failureOf(error: unknown): PictureFailure | undefined {
  if (error instanceof PictureFailure) return error;
  if (error instanceof DeadlineExceeded) return new PictureFailure("too-late");
  if (!(error instanceof InferenceError)) return undefined;
  if (error.reason === "deadline-exceeded") return new PictureFailure("too-late");
  return OWN_FAULTS.has(error.reason) ? new PictureFailure("server-refused", error.message) : undefined;
}

function nameOf({ name, version }: WritingModel): string {
  return version === undefined ? name : `${name}, version ${version}`;
}
