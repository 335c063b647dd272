import { dirname } from "node:path";
import {
  type CaptionRoom,
  type ChatTemplate,
  draftCaptions,
  type DraftReport,
  openWriter,
  parseWriterPlace,
  planPrompts,
  type readBible,
  type Wanted,
  type WriterPlace,
  type WritingModel,
} from "@followspot/captions";
import { UserError } from "@followspot/domain";
import type { Show } from "@followspot/show";
import { CommandFailure } from "../command-failure.ts";
import { ProgressLine } from "../progress-line.ts";
import { printJson, say } from "../say.ts";
import { untilInterrupted } from "../until-interrupted.ts";

export interface DraftOptions {
  readonly vision?: string;
  readonly text?: string;
  readonly template?: ChatTemplate;
  readonly context?: number;
  readonly pictures: Wanted;
  /** False: --no-look. */
  readonly look: boolean;
  readonly retry?: true;
  readonly limit?: number;
  readonly parallel: number;
  readonly deadline: number;
  readonly json?: true;
}

export interface DraftPlace {
  readonly datasetDir: string;
  readonly show: Show;
  readonly room: CaptionRoom;
  readonly bible: Awaited<ReturnType<typeof readBible>>;
}

/** Models that write, under the names that deploy/triton gives them. */
const VISION_MODEL = "qwen2_vl";
const TEXT_MODEL = "qwen2_text";
const PLACE = "grpc://HOST:PORT/MODEL or openai:http://HOST:PORT/MODEL";
const MS = 1_000;

/** Asks both models for drafts, and says what came. @throws CommandFailure where the run ended early */
export async function draft(options: DraftOptions, place: DraftPlace): Promise<void> {
  const { show, datasetDir, room, bible } = place;
  const opened: WritingModel[] = [];
  try {
    const report = await untilInterrupted(async (signal) => {
      const open = async (place: WriterPlace, option: string, template?: ChatTemplate) => {
        const model = await openWriter(place, { option, signal, template });
        opened.push(model);
        if (!model.constrained) say(`note: ${model.name} takes no JSON schema: its answers are only read`);
        return model;
      };
      const look = options.look ? await open(visionPlace(options, show), "--vision", "chatml") : undefined;
      const tidy = await open(textPlace(options, show), "--text", options.template);
      const plan = planPrompts({
        show,
        bible,
        lookModel: look,
        tidyModel: tidy,
        contextTokens: options.context,
      });
      if (plan.leftOut) say(`note: ${plan.leftOut}`);
      const progress = new ProgressLine("asking for drafts");
      const report = await draftCaptions({
        datasetDir,
        room,
        look: look && { model: look, system: plan.look },
        tidy: { model: tidy, system: plan.tidy },
        cast: show.cast,
        family: show.recognizer.family,
        maxPixels: show.recognizer.maxPixels,
        deadlineMs: options.deadline * MS,
        wanted: options.pictures,
        retry: options.retry ?? false,
        limit: options.limit,
        parallel: options.parallel,
        signal,
        onProgress: ({ done, total, drafted, failed }) =>
          progress.show(done, total, `${drafted} drafted, ${failed} without a draft`),
      });
      progress.end();
      return report;
    }, "ending: the drafts that have come are kept");
    if (options.json) printJson({ dataset: datasetDir, ...report });
    tell(report, { datasetDir, pictures: options.pictures });
  } finally {
    for (const model of opened) await model.close();
  }
}

function visionPlace({ vision }: DraftOptions, { recognizer }: Show): WriterPlace {
  if (vision !== undefined) return parseWriterPlace(vision, "--vision");
  const { triton, model } = recognizer;
  if (triton === undefined) {
    throw new UserError(
      `show.yaml names no model server (recognizer.triton): say with --vision ${PLACE} which model looks at the pictures`,
    );
  }
  // The model that recognizes may be one that gives scores and cannot write: then its sibling is asked.
  const sibling = /scores|understudy/.test(model) ? VISION_MODEL : model;
  return triton.startsWith("openai:")
    ? parseWriterPlace(triton, "recognizer.triton")
    : { address: triton, model: sibling };
}

function textPlace(options: DraftOptions, { recognizer }: Show): WriterPlace {
  if (options.text !== undefined) return parseWriterPlace(options.text, "--text");
  const { vision = recognizer.triton } = options;
  const [, address] = /^(grpcs?:\/\/[^/]+)/.exec(vision ?? "") ?? [];
  if (address !== undefined) return { address, model: TEXT_MODEL };
  throw new UserError(`say with --text ${PLACE} which model tidies the captions`);
}

const WHY: Readonly<Record<keyof DraftReport["failed"], string>> = {
  "unreadable-look": "whose description could not be read",
  "unreadable-tidying": "whose tidied caption could not be read",
  "too-late": "that took too long",
  "bad-picture": "that cannot be read or decoded",
  "server-refused": "about which the server did not take the question, or failed at it",
};

function tell(
  report: DraftReport,
  { datasetDir, pictures }: { readonly datasetDir: string; readonly pictures: Wanted },
): void {
  const { total, drafted, flagged, known, failed, failedBefore, readings, answers, interrupted, stopped } =
    report;
  if (total === 0 && known === 0 && failedBefore === 0) {
    say(
      pictures === "missing"
        ? "no picture needs a draft: every one has a caption; --pictures all asks for all of them"
        : "no picture has a caption to begin with: without --no-look and --pictures a model looks at each",
    );
    return;
  }
  if (total === 0) say(`no picture is left to ask about: ${known} have a draft or a decision already`);
  else
    say(
      `${drafted} of ${total} pictures have a draft now` +
        (flagged > 0 ? `, ${flagged} of them with a name or somebody to confirm` : "") +
        (known > 0 ? `; ${known} had one already` : ""),
    );
  const read = [...listed(readings.look), ...listed(readings.tidy)];
  if (answers.unreadable > 0 || read.length > 0) {
    const mended = read.length > 0 ? `; not plain JSON: ${read.join(", ")}` : "";
    say(
      `${answers.read} answers could be read, ${answers.unreadable} could not and were asked for again${mended}`,
    );
  }
  for (const [why, count] of Object.entries(failed)) {
    const pictures = count === 1 ? "1 picture" : `${count} pictures`;
    say(
      `no draft of ${pictures} ${WHY[why as keyof typeof WHY]}: captions/drafts.jsonl has the answers, --retry asks again`,
    );
  }
  if (failedBefore > 0)
    say(`${failedBefore} of which no draft came the last time were passed by; --retry asks again`);
  if (interrupted) throw new CommandFailure("interrupted: the same command goes on from here");
  if (stopped !== undefined) {
    throw new CommandFailure(
      `ended early: ${stopped}; the drafts that have come are kept, and the same command goes on`,
    );
  }
  if (total > 0 && drafted === 0) {
    throw new CommandFailure("not one draft came: look whether these models are the right ones, and whole");
  }
  if (drafted + known > 0) {
    say(
      `decide about them: npx followspot dataset caption --page --show ${dirname(datasetDir)}   (or --review, in the terminal)`,
    );
  }
}

function listed(counts: DraftReport["readings"]["look"]): readonly string[] {
  return Object.entries(counts).flatMap(([reading, count]) =>
    reading === "json" ? [] : [`${count} ${reading}`],
  );
}
