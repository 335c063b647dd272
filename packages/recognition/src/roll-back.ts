import { readdir } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { type HistoryEntry, readHistory, versionsInForce } from "./model-history.ts";
import { loadCurrentModel, loadModel, putInForce, type StoredModel } from "./model-store.ts";

/** A model that one can go back to. */
export interface KnownModel {
  readonly version: string;
  readonly inForce: boolean;
  /** When it last came into force, and why; undefined for one that never was, or was before there was a history. */
  readonly last: HistoryEntry | undefined;
}

/** Every model in the folder: those that never were in force first, then by when they last were. */
export async function listModels(modelsDir: string): Promise<KnownModel[]> {
  const current = await loadCurrentModel(modelsDir).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  const history = await readHistory(modelsDir);
  const files = await readdir(modelsDir).catch(() => []);
  return files
    .flatMap((file) => /^understudy-([0-9a-f]{12})\.fsm$/.exec(file)?.[1] ?? [])
    .map((version) => ({
      version,
      inForce: version === current?.version,
      last: history.findLast((entry) => entry.version === version),
    }))
    .sort((a, b) => {
      const [first, second] = [a.last?.at ?? "", b.last?.at ?? ""];
      return first === second ? (a.version < b.version ? -1 : 1) : first < second ? -1 : 1;
    });
}

/**
 * Puts a former model in force: the one before, or the one named.
 * @param to a version, or the beginning of one that is like no other.
 * @throws UserError where there is none to go back to.
 */
export async function rollBack(
  modelsDir: string,
  to?: string,
): Promise<StoredModel & { readonly from: string | undefined }> {
  const models = await listModels(modelsDir);
  const from = models.find(({ inForce }) => inForce)?.version;
  const version =
    to === undefined ? await formerVersion(modelsDir, from) : namedVersion(models, modelsDir, to);
  const stored = await loadModel(modelsDir, version);
  await putInForce(modelsDir, stored, "rolled-back");
  return { ...stored, from };
}

async function formerVersion(modelsDir: string, current: string | undefined): Promise<string> {
  const former = versionsInForce(await readHistory(modelsDir), current).at(-2);
  if (former) return former;
  throw new UserError(
    `${modelsDir} has no model to go back to; followspot rollback --list shows what there is, --to names one`,
  );
}

function namedVersion(models: readonly KnownModel[], modelsDir: string, to: string): string {
  const found = models.filter(({ version }) => version.startsWith(to));
  const [only] = found;
  if (only && found.length === 1) return only.version;
  const known = models.map(({ version }) => version).join(", ") || "none";
  throw new UserError(
    `--to: ${JSON.stringify(to)} names ${found.length === 0 ? "no model" : `${found.length} models`} in ${modelsDir}; there are: ${known}`,
  );
}
