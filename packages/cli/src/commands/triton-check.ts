import { UserError } from "@followspot/domain";
import type { RepositoryCheck } from "@followspot/triton-repository";
import { type Command, InvalidArgumentError } from "commander";
import { printJson, say } from "../say.ts";

const EXIT_FOUND_ERRORS = 1;
const GIGABYTE = 1e9;
const DEFAULT_CONTAINER = "26.01";

interface CheckCommandOptions {
  readonly gpuMemoryGb?: number;
  readonly computeCapability?: number;
  readonly container: string;
  readonly weights?: string;
  readonly weightsAt?: string;
  readonly json?: true;
}

/** `followspot triton check`: what a server would stumble over, said before it is started. */
export function addTritonCheck(triton: Command): void {
  triton
    .command("check")
    .description("look for everything that would keep a repository from being served; changes nothing")
    .argument("<repository>", "folder with one folder for each model")
    .option(
      "--gpu-memory-gb <number>",
      "memory of the card, in GB (default: what nvidia-smi says)",
      parseGigabytes,
    )
    .option(
      "--compute-capability <number>",
      "of that card, for example 8.6 (default: what nvidia-smi says, without --gpu-memory-gb)",
      parseCapability,
    )
    .option("--container <tag>", "Triton's release, for models that do not say theirs", DEFAULT_CONTAINER)
    .option("--weights <dir>", "the folder of all weights on this machine, with --weights-at")
    .option("--weights-at <path>", "what that folder is called where the server runs")
    .option("--json", "print one JSON document")
    .action(async (repository: string, options: CheckCommandOptions) => {
      if ((options.weights === undefined) !== (options.weightsAt === undefined)) {
        throw new UserError(
          "--weights and --weights-at belong together: the folder here, and what the server calls it",
        );
      }
      const { cardsHere, checkRepository } = await import("@followspot/triton-repository");
      const { gpuMemoryGb, computeCapability: capability } = options;
      const cards =
        gpuMemoryGb === undefined ? await cardsHere() : [{ bytes: gpuMemoryGb * GIGABYTE, capability }];
      const check = await checkRepository(repository, {
        cards,
        container: options.container,
        weightsDir: options.weights,
        weightsAt: options.weightsAt,
      });
      if (options.json) printJson(check);
      else process.stdout.write(await textOf(check));
      if (cards === undefined) {
        say(
          "nothing is checked against a card: nvidia-smi is not here; say its size with --gpu-memory-gb, and --compute-capability",
        );
      }
      say(verdictOf(check));
      if (!check.ok) process.exitCode = EXIT_FOUND_ERRORS;
    });
}

async function textOf({ findings, fits }: RepositoryCheck): Promise<string> {
  const { gb } = await import("@followspot/triton-repository");
  const found = findings.map(
    ({ severity, place, message }) => `${severity.padEnd(7)}  ${place}: ${message}\n`,
  );
  const fit = fits.map(({ model, needBytes, weightBytes, roomBytes, conversations }) => {
    const room =
      roomBytes === undefined ? "" : ` of ${gb(roomBytes)}; ${conversations} full conversations at once`;
    return `memory   ${model}: about ${gb(needBytes)} (weights ${gb(weightBytes)})${room}\n`;
  });
  return [...found, ...fit].join("");
}

function verdictOf({ ok, models, findings }: RepositoryCheck): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const what = `${models.length} ${models.length === 1 ? "model" : "models"}: ${models.join(", ")}`;
  if (!ok) return `${what}: ${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} to think about`;
  return warnings === 0 ? `${what}: in order` : `${what}: can be served, ${warnings} to think about`;
}

function parseGigabytes(text: string): number {
  const size = Number(text);
  if (text.trim() !== "" && size > 0 && size < 10_000) return size;
  throw new InvalidArgumentError("It must be a number of gigabytes, for example 24.");
}

function parseCapability(text: string): number {
  if (/^\d{1,2}\.\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number as NVIDIA writes it, for example 8.6.");
}
