import { join } from "node:path";
import { z } from "zod";
import type { Findings } from "./finding.ts";
import type { ModelShape } from "./model-shape.ts";
import { anyThere, isThere, readText } from "./reading.ts";

/** Any of these sets makes a tokenizer. */
const TOKENIZERS = [["tokenizer.json"], ["vocab.json", "merges.txt"], ["tokenizer.model"]];
const TEMPLATES = ["chat_template.jinja", "chat_template.json"];
/** GLM-4's has 20 MB. */
const MOST_BYTES = 100_000_000;
const PICTURE = "<|image_pad|>";

const Tokenizer = z.object({
  model: z.object({ vocab: z.record(z.string(), z.number()).optional() }).optional(),
  added_tokens: z.array(z.object({ id: z.number().int(), content: z.string() })).default([]),
});

/** Whether a folder's tokenizer is there, and the one of this model. */
export async function checkTokenizer(
  dir: string,
  { shape, findings }: { shape: ModelShape | undefined; findings: Findings },
): Promise<void> {
  if (!(await hasTokenizer(dir))) {
    findings.error(
      dir,
      "there is no tokenizer (tokenizer.json, or vocab.json and merges.txt, or tokenizer.model): copy it from the model's page",
    );
  }
  const config = join(dir, "tokenizer_config.json");
  if (!(await isThere(config))) {
    findings.error(dir, "there is no tokenizer_config.json: copy it from the model's page");
    return;
  }
  if (!(await hasTemplate(dir, config))) {
    findings.warn(
      config,
      "has no chat template, so this seems to be a base model, which continues texts and does not answer: take the one with Instruct or Chat in its name",
    );
  }
  const words = join(dir, "tokenizer.json");
  if (shape && (await isThere(words))) await checkWords(words, { shape, findings });
}

async function hasTokenizer(dir: string): Promise<boolean> {
  for (const files of TOKENIZERS) {
    const there = await Promise.all(files.map((file) => isThere(join(dir, file))));
    if (there.every(Boolean)) return true;
  }
  return false;
}

/** Newer checkpoints have it in a file of its own. */
async function hasTemplate(dir: string, config: string): Promise<boolean> {
  if (await anyThere(TEMPLATES.map((file) => join(dir, file)))) return true;
  return /"chat_template"\s*:\s*["[]/.test(await readText(config, MOST_BYTES));
}

async function checkWords(
  file: string,
  { shape, findings }: { shape: ModelShape; findings: Findings },
): Promise<void> {
  const parsed = Tokenizer.safeParse(jsonOf(await readText(file, MOST_BYTES)));
  if (!parsed.success) {
    findings.error(file, "is no tokenizer of Hugging Face's, or no JSON: copy it from the model's page");
    return;
  }
  const { model, added_tokens: added } = parsed.data;
  const ids = [...Object.values(model?.vocab ?? {}), ...added.map(({ id }) => id)];
  const greatest = ids.reduce((most, id) => Math.max(most, id), -1);
  if (greatest >= shape.vocabulary) {
    findings.error(
      file,
      `knows token ${greatest}, and config.json has only ${shape.vocabulary}: the tokenizer is of another model; copy both from one page`,
    );
    return;
  }
  const picture = added.find(({ content }) => content === PICTURE)?.id;
  if (picture !== undefined && shape.pictureToken !== undefined && picture !== shape.pictureToken) {
    findings.error(
      file,
      `${PICTURE} is token ${picture}, and config.json says ${shape.pictureToken}: the model would see no picture; copy both from one page`,
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
