/** The `followspot` command: reads the arguments and hands over to one command. */
import { UserError } from "@followspot/domain";
import { Command, CommanderError } from "commander";
import { CommandFailure } from "./command-failure.ts";
import { addBench } from "./commands/bench.ts";
import { addCalibrate } from "./commands/calibrate.ts";
import { addDataset } from "./commands/dataset.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addFinetune } from "./commands/finetune.ts";
import { addRecognize } from "./commands/recognize.ts";
import { addReview } from "./commands/review.ts";
import { addRollback } from "./commands/rollback.ts";
import { addScene } from "./commands/scene.ts";
import { addTeach } from "./commands/teach.ts";
import { addTrain } from "./commands/train.ts";
import { addTriton } from "./commands/triton.ts";
import { addUp } from "./commands/up.ts";
import { refusedBySystem } from "./refused-by-system.ts";

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;
/** How commander ends when it has printed what was asked for. */
const PRINTED = new Set(["commander.helpDisplayed", "commander.help", "commander.version"]);

const program = new Command("followspot")
  .description(
    "Watches a puppet show, recognizes who is on stage, and tells lighting, sound and projection, live.",
  )
  .version("0.1.0")
  .showHelpAfterError("(followspot --help lists the commands; followspot COMMAND --help its options)")
  .exitOverride();
for (const add of [
  addUp,
  addRecognize,
  addTrain,
  addFinetune,
  addEvaluate,
  addCalibrate,
  addTeach,
  addReview,
  addScene,
  addRollback,
  addDataset,
  addDoctor,
  addBench,
  addTriton,
])
  add(program);
// Commands made by hand do not inherit it.
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
}

function exitCodeFor(error: unknown): number {
  // Commander has written its message already.
  if (error instanceof CommanderError) return PRINTED.has(error.code) ? 0 : EXIT_BAD_INPUT;
  if (error instanceof UserError) {
    process.stderr.write(`followspot: ${error.message}\n`);
    return EXIT_BAD_INPUT;
  }
  if (error instanceof CommandFailure) {
    process.stderr.write(`followspot: ${error.message}\n`);
    return EXIT_FAILED;
  }
  const refused = refusedBySystem(error);
  if (refused !== undefined) {
    process.stderr.write(`followspot: ${refused}\n`);
    return EXIT_FAILED;
  }
  process.stderr.write(
    `followspot: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  for (let cause = error; cause instanceof Error && cause.cause !== undefined; cause = cause.cause) {
    process.stderr.write(
      `  because: ${cause.cause instanceof Error ? cause.cause.message : JSON.stringify(cause.cause)}\n`,
    );
  }
  return EXIT_FAILED;
}
