import { readFile, stat } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { z } from "zod";
import { EVALUATION_FORMAT } from "./evaluation-report.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const figure = z.number().nullable();

// What is compared; the rest of an older report may have changed its shape.
const PreviousRunShape = z.object({
  format: z.literal(EVALUATION_FORMAT),
  protocol: z.string().max(64),
  startedAt: z.string().max(64),
  recognizer: z.object({ name: z.string().max(1_024) }),
  dataset: z.object({ hash: z.string().max(128) }),
  accuracy: z.object({ top1: figure }),
  macroF1: figure,
  weighted: figure,
  openSet: z.object({ auroc: z.number() }).nullable(),
  calibration: z.object({ ece: figure }),
  latencyMs: z.object({ p95: z.number() }).nullable(),
  pictures: z
    .array(z.object({ file: z.string().max(1_024), guess: z.string().max(256), right: z.boolean() }))
    .max(100_000),
});

/** What an earlier run found. */
export type PreviousRun = z.infer<typeof PreviousRunShape>;

/** Reads the JSON of an earlier `evaluate`. @throws UserError where it is none */
export async function readPreviousRun(file: string): Promise<PreviousRun> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new UserError(`--against: there is no file ${file}`);
  if (found.size > MAX_BYTES) throw new UserError(`--against: ${file} is too large to be a report`);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new UserError(`--against: ${file} is not JSON; name what evaluate --json has written`, { cause });
  }
  const result = PreviousRunShape.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(
    `--against: ${file}: ${issue?.path.join(".") || "the file"}: ${issue?.message}; name what evaluate --json has written`,
  );
}
