import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CaptionDesk } from "@followspot/captions";
import { UserError } from "@followspot/domain";
import { readShow } from "@followspot/show";
import { type Command, InvalidArgumentError, Option } from "commander";
import { draft, type DraftOptions } from "../captions/draft.ts";
import { waiting } from "../captions/waiting.ts";
import { CommandFailure } from "../command-failure.ts";
import { datasetDir, type DatasetPlace, showOfDataset } from "../dataset-dir.ts";
import { printJson, say } from "../say.ts";
import { userName } from "../user-name.ts";

interface CaptionOptions extends DatasetPlace, DraftOptions {
  readonly bible?: string;
  readonly review?: true;
  readonly page?: true;
  readonly port?: number;
  readonly drafts?: true;
  readonly apply?: string;
  readonly who?: string;
}

const MODES = ["review", "page", "drafts", "apply"] as const;
/** As in packages/captions; named here too, so that --help does not load that package. */
const PICTURES = ["missing", "given", "all"];
const TEMPLATES = ["chatml", "llama-3", "yi-1.5", "glm-4"];

/** `followspot dataset caption`: drafts from models, decisions from a person. */
export function addDatasetCaption(dataset: Command): void {
  dataset
    .command("caption")
    .description("ask models for caption drafts, and decide about each: nothing is written without you")
    .option("--dataset <dir>", "the data set (default: that of the show)")
    .option("--show <dir>", "the show folder (default: the current folder)")
    .option(
      "--vision <place>",
      "the model that looks, grpc://HOST:PORT/MODEL or openai:http://HOST:PORT/MODEL (default: recognizer.triton of show.yaml)",
    )
    .option("--text <place>", "the model that tidies, written likewise (default: qwen2_text there)")
    .addOption(
      new Option("--template <name>", "how the text model is talked to (default: by its name)").choices(
        TEMPLATES,
      ),
    )
    .option("--bible <file>", "what the company knows about the show (default: bible.md of the show folder)")
    .option("--context <tokens>", "how much the text model can hold", wholeNumber(1_024, 10_000_000))
    .addOption(
      new Option("--pictures <which>", "those without a caption, those with one, or all")
        .choices(PICTURES)
        .default("missing"),
    )
    .option("--no-look", "tidy the captions that are there, without looking at pictures")
    .option("--retry", "ask again about pictures of which no draft came")
    .option("--limit <number>", "at most so many pictures now", wholeNumber(1, 1_000_000))
    .option("--parallel <number>", "pictures in work at once", wholeNumber(1, 32), 4)
    .option("--deadline <seconds>", "for all that is asked about one picture", wholeNumber(1, 3_600), 60)
    .option("--review", "decide in this terminal: accept, edit, refuse")
    .option("--page", "decide in the browser, with the pictures")
    .option("--port <number>", "of that page (default: a free one)", wholeNumber(0, 65_535))
    .option("--drafts", "print the drafts that wait, one a line, for --apply")
    .option("--apply <file>", "carry out decisions that were made elsewhere")
    .option("--who <name>", "who decides; goes into the history (default: your user name)")
    .option("--json", "print one JSON document")
    .action(async (options: CaptionOptions) => {
      const modes = MODES.filter((mode) => options[mode] !== undefined);
      if (modes.length > 1)
        throw new UserError(`--${modes.join(" and --")} do not go together: give one of them`);
      const place = await openPlace(options);
      const [mode] = modes;
      if (mode === undefined) {
        const wanted = options.look ? options.pictures : "given";
        return await draft({ ...options, pictures: wanted }, place);
      }
      const { CaptionDesk } = await import("@followspot/captions");
      const { datasetDir: dir, room, show } = place;
      const desk = new CaptionDesk({
        datasetDir: dir,
        room,
        cast: show.cast,
        who: options.who ?? userName(),
      });
      if (mode === "drafts") return await printDrafts(desk);
      if (mode === "apply") return await apply(desk, options);
      const { review } = await import("../captions/review.ts");
      return await review(desk, { page: mode === "page", port: options.port ?? 0, showName: show.name });
    });
}

async function openPlace(options: CaptionOptions) {
  if (options.dataset === undefined && options.show === undefined && !existsSync("show.yaml")) {
    // Nobody wants his own drafts among the pictures that ship with the project.
    throw new UserError(
      "there is no show.yaml here: name the show with --show DIR, or its data set with --dataset DIR",
    );
  }
  const showDir = showOfDataset(options);
  if (showDir === undefined) {
    throw new UserError(
      `captions name the cast, and ${join(resolve(options.dataset ?? ""), "..")} has no show.yaml: name the show with --show DIR`,
    );
  }
  const show = await readShow(showDir);
  const { openRoom, readBible } = await import("@followspot/captions");
  const bible = await readBible(showDir, options.bible === undefined ? undefined : resolve(options.bible));
  const dir = datasetDir(options);
  return { datasetDir: dir, show, bible, room: await openRoom(dir, { show, bible }) };
}

async function printDrafts(desk: CaptionDesk): Promise<void> {
  const { decisionLine } = await import("@followspot/captions");
  const { open } = await desk.look();
  for (const one of open) process.stdout.write(`${decisionLine(one)}\n`);
  say(
    `${waiting(open.length)}; put "accept", "edit" or "refuse" in place of null, and give the file to --apply`,
  );
}

async function apply(desk: CaptionDesk, { apply: file = "", json }: CaptionOptions): Promise<void> {
  const { applyDecisions, parseDecisions } = await import("@followspot/captions");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UserError(
      `--apply: ${file} cannot be read: name a file of decisions, as --drafts prints them`,
      { cause },
    );
  });
  const applied = await applyDecisions(desk, parseDecisions(text, file));
  const { counts } = await desk.look();
  if (json) printJson({ ...applied, counts });
  for (const problem of applied.problems) say(problem);
  say(`${applied.written} captions were written, ${applied.refused} drafts refused; ${waiting(counts.open)}`);
  if (applied.problems.length > 0) {
    throw new CommandFailure(`${applied.problems.length} decisions were not carried out, named above`);
  }
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(number) && number >= from && number <= to) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}
