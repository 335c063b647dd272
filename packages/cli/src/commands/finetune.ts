import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { UserError } from "@followspot/domain";
import { readShow, type Show } from "@followspot/show";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";
import { untilInterrupted } from "../until-interrupted.ts";

interface FinetuneOptions {
  readonly show?: string;
  readonly base?: string;
  readonly method: "lora" | "qlora";
  readonly epochs?: number;
  readonly name?: string;
  readonly seed: number;
  readonly export?: string;
  readonly rank?: number;
  readonly learningRate?: number;
  readonly accumulate?: number;
  readonly negatives?: number;
  readonly json?: true;
}

const DEFAULT_SEED = 1;
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const NAME_LENGTH = 8;

/** `followspot finetune`: a LoRA adapter for Qwen2-VL from the show's data set. */
export function addFinetune(program: Command): void {
  program
    .command("finetune")
    .description("fine-tune Qwen2-VL on the show's data set (a LoRA adapter), and say whether it got better")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--base <dir>", "folder with the weights of Qwen2-VL")
    .addOption(
      new Option("--method <name>", "qlora takes a third of the memory, and needs CUDA")
        .choices(["lora", "qlora"])
        .default("lora"),
    )
    .option("--epochs <number>", "rounds at most; it ends by itself when nothing is gained", atLeastOne)
    .option("--name <name>", "of the adapter (default: from the data set's version)", adapterName)
    .option("--seed <number>", "same seed and data set, same training", wholeNumber, DEFAULT_SEED)
    .option("--rank <number>", "size of the adapter", atLeastOne)
    .option("--learning-rate <number>", "of the largest step", positive)
    .option("--accumulate <number>", "pictures that a step is made from", atLeastOne)
    .option("--negatives <share>", "of the questions: those with the answer no (default: half)", share)
    .option("--export <dir>", "only write the training set into this folder, to be trained on elsewhere")
    .option("--json", "print one JSON document")
    .action(async (options: FinetuneOptions) => {
      const show = await readShow(showDir(options.show));
      if (options.export !== undefined) {
        await exportOnly(show, resolve(options.export), options);
        return;
      }
      if (options.base === undefined) {
        throw new UserError(
          "name the folder of Qwen2-VL's weights with --base; docs/finetune.md says where to get them",
        );
      }
      await train(show, resolve(options.base), options);
    });
}

async function exportOnly(show: Show, to: string, { seed, json }: FinetuneOptions): Promise<void> {
  await refuseFull(to);
  const report = await writeSet(show, to, seed).catch((error: unknown) => {
    if (!isAbort(error)) throw error;
    throw new CommandFailure(`interrupted: ${to} is not complete; remove it and export again`);
  });
  if (json) printJson({ to, ...report });
  say(`the training set is in ${to}; docs/finetune.md says how to train on it elsewhere`);
}

async function train(show: Show, base: string, options: FinetuneOptions): Promise<void> {
  if (!existsSync(join(base, "config.json"))) {
    throw new UserError(`${base} has no config.json: name the folder with the weights of Qwen2-VL`);
  }
  const name = options.name ?? (await nameOf(show, options));
  const models = join(show.dir, "models");
  const out = join(models, "adapters", name);
  if (existsSync(out)) {
    throw new UserError(`${out} is there already, and nothing is written over: choose another --name`);
  }
  const work = join(models, "finetune", name);
  const { ensurePython } = await import("@followspot/triton-server");
  const { runFinetune } = await import("@followspot/finetune");
  const python = await ensurePython("torch", say);
  const trainingSet = join(work, "training-set");
  const ended = await untilInterrupted(async (signal) => {
    // Written anew each time: what it was made of may have changed, and then a checkpoint is of no use.
    await rm(trainingSet, { recursive: true, force: true });
    await writeSet(show, trainingSet, options.seed, signal);
    return await runFinetune({
      python,
      trainingSet,
      base,
      out,
      work,
      say,
      signal,
      refused: join(models, "adapters-refused", name),
      args: argumentsOf(options),
    });
  }, "ending after the step at hand").catch((error: unknown) => {
    if (!isAbort(error)) throw error;
    return { end: "interrupted" } as const;
  });
  if (ended.end === "interrupted") {
    throw new CommandFailure("interrupted: the same command goes on from where it was");
  }
  await rm(work, { recursive: true, force: true });
  const dir = relative(process.cwd(), ended.dir) || ended.dir;
  if (options.json) printJson({ name, dir: ended.dir, accepted: ended.end === "accepted", ...ended.report });
  if (ended.end === "refused") {
    throw new CommandFailure(`the adapter is not put in force (${ended.report.verdict.reason}): see ${dir}`);
  }
  say(
    `${dir} is ready: write "adapter: ${name}" under recognizer in show.yaml, and load the model anew on Triton`,
  );
}

async function writeSet(show: Show, to: string, seed: number, outer?: AbortSignal) {
  const { writeTrainingSet } = await import("@followspot/finetune");
  let shown = -1;
  const work = (signal: AbortSignal) =>
    writeTrainingSet({
      show,
      datasetDir: join(show.dir, "dataset"),
      to,
      seed,
      signal,
      onProgress: (done, doing) => {
        const step = Math.min(10, Math.floor(done * 10));
        if (step === shown) return;
        shown = step;
        say(`${String(step * 10).padStart(3)} %  ${doing}`);
      },
    });
  const report = outer ? await work(outer) : await untilInterrupted(work, "ending after the picture at hand");
  const { train: learnt, swapped, heldOut, remarks } = report;
  say(
    `${learnt} pictures to learn from, ${swapped} more on other backgrounds, ${heldOut} held out to judge by`,
  );
  for (const remark of remarks) say(`note: ${remark}`);
  return report;
}

/** The same data set and settings have the same name, so that an interrupted training finds itself again. */
async function nameOf(show: Show, { method, seed }: FinetuneOptions): Promise<string> {
  const { datasetVersion, readDataset } = await import("@followspot/dataset");
  const { hash } = await datasetVersion(await readDataset(join(show.dir, "dataset")));
  return `${method}-${hash.slice(0, NAME_LENGTH)}${seed === DEFAULT_SEED ? "" : `-${seed}`}`;
}

function argumentsOf(options: FinetuneOptions): string[] {
  const { method, epochs, seed, rank, learningRate, accumulate, negatives } = options;
  const given = { method, epochs, seed, rank, "learning-rate": learningRate, accumulate, negatives };
  return Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}`, String(value)],
  );
}

async function refuseFull(dir: string): Promise<void> {
  const there = await readdir(dir).catch(() => []);
  if (there.length > 0) {
    throw new UserError(`${dir} is not empty, and nothing is written over; name a new folder`);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function adapterName(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError("It must be up to 64 small letters, digits, - and _.");
}

function atLeastOne(text: string): number {
  return number(text, (value) => Number.isSafeInteger(value) && value >= 1, "a whole number, 1 or more");
}

function wholeNumber(text: string): number {
  return number(text, (value) => Number.isSafeInteger(value) && value >= 0, "a whole number, 0 or more");
}

function positive(text: string): number {
  return number(text, (value) => value > 0, "a number above 0");
}

function share(text: string): number {
  return number(text, (value) => value >= 0 && value < 1, "a share, 0 or more and below 1");
}

function number(text: string, fits: (value: number) => boolean, rule: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && fits(value)) return value;
  throw new InvalidArgumentError(`It must be ${rule}.`);
}
