import { readFileSync } from "node:fs";
import { UserError } from "@followspot/domain";
import protobuf from "protobufjs";
import textformat from "protobufjs/ext/textformat.js";

/** The part of Triton's ModelConfig that we look at or write. */
export interface ModelConfig {
  readonly name?: string;
  readonly backend?: string;
  readonly max_batch_size?: number;
  readonly default_model_filename?: string;
  readonly instance_group?: readonly {
    readonly count?: number;
    readonly kind?: number;
    readonly gpus?: readonly number[];
  }[];
  readonly parameters?: Readonly<Record<string, { readonly string_value?: string }>>;
  readonly model_transaction_policy?: { readonly decoupled?: boolean };
  readonly version_policy?: { readonly specific?: { readonly versions?: readonly { toString(): string }[] } };
}

/** Values of ModelInstanceGroup.Kind. */
export const KIND = { auto: 0, gpu: 1, cpu: 2, model: 3 } as const;

const MOST_QUOTED = 200;
/** More is no configuration of a model. */
const MOST_CHARACTERS = 1_000_000;

// Names, numbers and types of every field, as NVIDIA's tritonclient 2.73.0 carries them.
const ModelConfigType = protobuf.Root.fromJSON(
  JSON.parse(readFileSync(new URL("../schema/model-config.json", import.meta.url), "utf8")),
).lookupType("inference.ModelConfig");

/** Reads a config.pbtxt. @throws UserError with file and line */
export function parseModelConfig(text: string, file: string): ModelConfig {
  if (text.length > MOST_CHARACTERS)
    throw new UserError(`${file}: this is too long for a model configuration`);
  try {
    return textformat.fromText(ModelConfigType, text) as ModelConfig;
  } catch (cause) {
    const said = messageOf(cause);
    const line = /\(line (\d+)\)$/.exec(said)?.[1] ?? lineOf(text, said);
    const what = said
      .replace(/ \(line \d+\)$/, "")
      .replaceAll(/\.inference\./g, "")
      .slice(0, MOST_QUOTED);
    throw new UserError(`${file}:${line}: ${what}`, { cause });
  }
}

/** A config.pbtxt, with a comment in front. */
export function formatModelConfig(config: ModelConfig, comment: readonly string[]): string {
  const lines = comment.map((line) => `# ${line}`.trimEnd());
  return `${[...lines, "", textformat.toText(ModelConfigType, config as Record<string, unknown>)].join("\n")}\n`;
}

/** The parser does not say where a value is wrong. It reads from the front: the shortest beginning that is wrong in the same way ends there. */
function lineOf(text: string, said: string): number {
  const lines = text.split("\n");
  let [right, wrong] = [0, lines.length];
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (errorIn(lines.slice(0, middle).join("\n")) === said) wrong = middle;
    else right = middle;
  }
  return wrong;
}

function errorIn(text: string): string | undefined {
  try {
    textformat.fromText(ModelConfigType, text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
