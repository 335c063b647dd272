import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { say } from "../say.ts";

interface RenderCommandOptions {
  readonly profile: string;
  readonly weights: string;
  readonly weightsAt?: string;
  readonly to: string;
  readonly adapter: Readonly<Record<string, string>>;
  readonly share?: number;
  readonly gpu?: number;
  readonly name?: string;
  readonly container?: string;
  readonly replace?: true;
}

/** `followspot triton render`: a model, ready to be loaded, from a value file. */
export function addTritonRender(triton: Command): void {
  triton
    .command("render")
    .description("write a model into a repository, ready for a server")
    .requiredOption("--profile <name>", "a value file; `followspot triton profiles` lists them")
    .requiredOption("--weights <dir>", "the folder that has the model's folder in it, on this machine")
    .option(
      "--weights-at <path>",
      "what that folder is called where the server runs (default: the same)",
      parseServerPath,
    )
    .requiredOption("--to <dir>", "the model repository; made where it is not there")
    .option("--adapter <name=dir>", "a LoRA adapter; can be repeated", addAdapter, {})
    .option("--share <number>", "of the card's memory that the vLLM engine takes, below 1", parseShare)
    .option("--gpu <number>", "the card that it runs on (default: the first)", parseCard)
    .option("--name <name>", "of the model on the server (default: the profile's)", parseName)
    .option("--container <tag>", "Triton's release that will serve it (default: the profile's)")
    .option("--replace", "exchange a model of that name that is there already")
    .action(async (options: RenderCommandOptions) => {
      const { containerOf, readProfile, renderModel } = await import("@followspot/triton-repository");
      const profile = await readProfile(options.profile);
      const container = options.container ?? profile.container;
      const { folder, version } = await renderModel({
        profile,
        to: options.to,
        weightsDir: options.weights,
        weightsAt: options.weightsAt,
        adapters: options.adapter,
        share: options.share,
        gpu: options.gpu,
        name: options.name,
        container,
        replace: options.replace && "replace",
      });
      say(`${folder} is written, for ${containerOf(container, profile.name).image}`);
      if (profile.runs === "scores") {
        say(
          version
            ? `its version is ${version}`
            : "its version is not known: the weights or Python are not here; render it again where they are",
        );
      }
      const at =
        options.weightsAt === undefined
          ? ""
          : ` --weights ${options.weights} --weights-at ${options.weightsAt}`;
      say(`next: followspot triton check ${resolve(options.to)}${at}`);
    });
}

function addAdapter(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, dir] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || dir === undefined) throw new InvalidArgumentError("It must be NAME=DIR.");
  if (name in before) throw new InvalidArgumentError(`"${name}" is named twice.`);
  return { ...before, [name]: dir };
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share < 1) return share;
  throw new InvalidArgumentError("It must be a number between 0 and 1.");
}

function parseCard(text: string): number {
  const card = Number(text);
  if (text.trim() !== "" && Number.isInteger(card) && card >= 0) return card;
  throw new InvalidArgumentError("It must be a whole number, 0 for the first card.");
}

function parseName(text: string): string {
  if (/^\w[\w.-]*$/.test(text)) return text;
  throw new InvalidArgumentError("It must be letters, digits, dots, hyphens and underscores.");
}

/** vLLM takes what is no whole path for a name at Hugging Face, and downloads it. */
function parseServerPath(text: string): string {
  if (text.startsWith("/")) return text;
  throw new InvalidArgumentError("It must be a whole path, for example /weights.");
}
