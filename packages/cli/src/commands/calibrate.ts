import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { findSystem } from "@followspot/runtime";
import type { Command } from "commander";
import { parseLabels, parseSeed } from "../evaluate-options.ts";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";
import { tenSteps } from "../ten-steps.ts";
import { DEFAULT_SEED } from "../train-with-progress.ts";

const FROM_NOW_ON = "the next followspot up applies it to this model and prompt";
const AFTER_THIS_SHOW =
  "the system that runs this show keeps the scores that it has: end it and start it again when nobody plays";

interface CalibrateCommandOptions {
  readonly recognizer: string;
  readonly dataset?: string;
  readonly show?: string;
  readonly labels?: readonly string[];
  readonly seed: number;
  readonly json?: true;
}

/** `followspot calibrate`: what are a vision-language model's scores worth on this show's pictures? */
export function addCalibrate(program: Command): void {
  program
    .command("calibrate")
    .description(
      "fit what a served model's scores are worth on a data set, and put that among the show's models",
    )
    .requiredOption(
      "--recognizer <address>",
      "grpc://host:port/model, with ?ask=list and the like as for evaluate",
    )
    .option("--dataset <dir>", "folder with metadata.jsonl (default: the show's)")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--labels <a,b,c>", "only these subjects, and strangers", parseLabels)
    .option("--seed <number>", "of the folds", parseSeed, DEFAULT_SEED)
    .option("--json", "print one JSON document")
    .action(async (options: CalibrateCommandOptions) => {
      const { calibrate, modelsDirOf } = await import("@followspot/evaluation");
      const { writeCalibration } = await import("@followspot/vision-language");
      const show = showDir(options.show);
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort(new UserError("stopped; nothing was written")));
      const report = await calibrate({
        ...options,
        datasetDir: options.dataset ?? join(show, "dataset"),
        showDir: show,
        signal: stop.signal,
        onProgress: tenSteps("asking about each picture"),
      });
      const file = await writeCalibration(modelsDirOf(show), report.calibration);
      if (options.json) {
        printJson({ file, ...report });
        return;
      }
      const { pictures, unreadable, judged, scenes, onlyTest, before, after, calibration } = report;
      const { global, labels } = calibration;
      process.stdout.write(
        `${[
          `${pictures} pictures${onlyTest ? " for testing" : ""} of ${scenes} scenes, ${unreadable} answers unreadable, ${judged} scores of the model's own`,
          `calibration error on scenes held out: ${before.ece.toFixed(3)} as it came, ${after.ece.toFixed(3)} calibrated`,
          `log loss on scenes held out: ${before.logLoss.toFixed(3)} as it came, ${after.logLoss.toFixed(3)} calibrated`,
          `slope ${global.slope.toFixed(3)}, offset ${global.offset.toFixed(3)}; ${Object.keys(labels).length} labels have a line of their own`,
          `accuracy ${calibration.accuracy.toFixed(3)}`,
        ].join("\n")}\n`,
      );
      const system = await findSystem(show);
      say(`calibration: ${file}; ${system ? AFTER_THIS_SHOW : FROM_NOW_ON}`);
    });
}
