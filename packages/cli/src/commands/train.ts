import { access } from "node:fs/promises";
import { join, relative } from "node:path";
import { UserError } from "@followspot/domain";
import { readShow } from "@followspot/show";
import { type Command, InvalidArgumentError } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";
import { tellRunning } from "../tell-running.ts";
import { DEFAULT_SEED, trainWithProgress } from "../train-with-progress.ts";

interface TrainOptions {
  readonly show?: string;
  readonly seed: number;
  readonly force?: true;
  readonly backbone?: string;
  readonly json?: true;
}

/** `followspot train`: the understudy learns the show's data set. */
export function addTrain(program: Command): void {
  program
    .command("train")
    .description(
      "train the understudy from the show's data set, and say how well it does on scenes it has not seen",
    )
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--seed <number>", "same seed and data set, same model", parseSeed, DEFAULT_SEED)
    .option("--force", "put the new model in force even if it does worse on the golden pictures")
    .option(
      "--backbone <file>",
      "see with an ONNX network of your own instead of ours; needs: npm install onnxruntime-node",
    )
    .option("--json", "print one JSON document")
    .action(async (options: TrainOptions) => {
      const show = await readShow(showDir(options.show));
      await refuseMissingDataset(show.dir);
      const { describeAccuracy } = await import("@followspot/recognition");
      const startedMs = performance.now();
      const stored = await trainWithProgress(show.dir, options.seed, {
        force: options.force ?? false,
        backbone: options.backbone,
      });
      const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
      const { labels, pictures, accuracy } = stored.model;
      const strangers = labels.filter((label) => !show.cast.some((member) => member.id === label));
      if (strangers.length > 0) {
        say(`note: the data set names ${strangers.join(", ")}, which the cast in show.yaml does not have`);
      }
      const { promoted } = stored.promotion;
      const running = promoted ? await tellRunning(show.dir, stored.version) : undefined;
      if (options.json) {
        printJson({
          version: stored.version,
          file: stored.path,
          labels,
          pictures,
          seconds,
          accuracy: accuracy ?? null,
          promotion: stored.promotion,
        });
        process.exitCode = promoted ? 0 : 1;
        return;
      }
      say(`trained on ${pictures} pictures of ${labels.length} subjects in ${seconds} s`);
      if (accuracy) say(`accuracy on unseen scenes: ${describeAccuracy(accuracy)}`);
      const file = relative(process.cwd(), stored.path) || stored.path;
      if (!promoted) throw new CommandFailure(`${file} is ${stored.promotion.reason}`);
      say(`${file} is ${stored.promotion.reason}`);
      if (running) say(running);
    });
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}

async function refuseMissingDataset(dir: string): Promise<void> {
  const file = join(dir, "dataset/metadata.jsonl");
  await access(file).catch(() => {
    throw new UserError(
      `${file} does not exist: put captioned pictures into dataset/; docs/teach.md says how`,
    );
  });
}
