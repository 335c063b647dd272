import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "@followspot/domain";
import type { Card } from "./card.ts";
import { checkMemory, type Fit, type Served } from "./check-memory.ts";
import { checkScores } from "./check-scores.ts";
import { checkVllm, type ModelFolder } from "./check-vllm.ts";
import { type Container, containerOf } from "./containers.ts";
import { type Finding, Findings } from "./finding.ts";
import { type ModelConfig, parseModelConfig } from "./model-config.ts";
import { placesOf } from "./places.ts";
import { listProfiles, type Profile, readProfile } from "./profile.ts";
import { ORIGIN } from "./render.ts";
import { anyThere, entriesOf, isThere, readText, whyUnreadable } from "./reading.ts";

export interface CheckOptions {
  /** Undefined where they are not known: then only shares are added up. */
  readonly cards?: readonly Card[] | undefined;
  /** Release of Triton for models that do not say theirs. */
  readonly container: string;
  /** The folder of all weights on this machine, and what the server calls it, where the two differ. */
  readonly weightsDir?: string | undefined;
  readonly weightsAt?: string | undefined;
}

export interface RepositoryCheck {
  /** Whether a server would load all of it, as far as can be said. */
  readonly ok: boolean;
  readonly models: readonly string[];
  readonly findings: readonly Finding[];
  readonly fits: readonly Fit[];
}

/** Looks at a model repository as a server would, before there is one. @throws UserError where there is none to look at */
export async function checkRepository(repository: string, options: CheckOptions): Promise<RepositoryCheck> {
  const dir = resolve(repository);
  const findings = new Findings();
  const models = await modelFolders(dir, findings);
  const served: Served[] = [];
  for (const name of models) {
    const fit = await checkModel(join(dir, name), { name, options, findings });
    if (fit) served.push(fit);
  }
  const fits = checkMemory(served, options.cards, findings);
  const ok = findings.all.every(({ severity }) => severity !== "error");
  return { ok, models, findings: findings.all, fits };
}

async function modelFolders(dir: string, findings: Findings): Promise<readonly string[]> {
  if (!(await isThere(dir)) || !(await stat(dir)).isDirectory()) {
    throw new UserError(
      `${dir} is no folder: name a model repository; \`followspot triton render\` writes one`,
    );
  }
  if (await isThere(join(dir, "config.pbtxt"))) {
    throw new UserError(`${dir} is a model: name the folder that it lies in, the repository`);
  }
  const models = (await foldersIn(dir, findings)).filter((name) => !name.startsWith("."));
  if (models.length === 0)
    throw new UserError(`${dir} has no model folders: \`followspot triton render\` writes one`);
  return models.toSorted();
}

/** Links are followed, as a server does. @throws UserError where the folder may not be read */
async function foldersIn(dir: string, findings: Findings): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const entry of await entriesOf(dir)) {
    const is = entry.isSymbolicLink()
      ? await leadsToFolder(join(dir, entry.name), findings)
      : entry.isDirectory();
    if (is) folders.push(entry.name);
  }
  return folders;
}

async function leadsToFolder(link: string, findings: Findings): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch (error) {
    const why = await whyUnreadable(link, error);
    if (!why) throw error;
    findings.thrown(why);
    return false;
  }
}

async function checkModel(
  dir: string,
  { name, options, findings }: { name: string; options: CheckOptions; findings: Findings },
): Promise<Served | undefined> {
  const configFile = join(dir, "config.pbtxt");
  try {
    const folders = await foldersIn(dir, findings);
    if (!(await isThere(configFile))) {
      const nested = await anyThere(folders.map((inner) => join(dir, inner, "config.pbtxt")));
      findings.error(
        configFile,
        nested
          ? `is missing; the models seem to be one folder further down: name ${dir} as the repository`
          : "is missing: every model needs one",
      );
      return undefined;
    }
    const config = parseModelConfig(await readText(configFile), configFile);
    if (config.name && config.name !== name) {
      findings.error(
        configFile,
        `the model is named "${config.name}" and its folder "${name}": they must be the same`,
      );
    }
    const versionDir = servedVersion(dir, { folders, config, findings });
    const container = containerFor(config, { configFile, options });
    if (versionDir === undefined) return undefined;
    const [profile, places] = [await profileOf(config), placesOf(options.weightsDir, options.weightsAt)];
    const folder = { name, configFile, config, versionDir, container, profile, cards: options.cards, places };
    return await checkBackend(folder, findings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.thrown(error);
    return undefined;
  }
}

async function checkBackend(folder: ModelFolder, findings: Findings): Promise<Served | undefined> {
  const { config, configFile } = folder;
  if (config.backend === "vllm") return await checkVllm(folder, findings);
  if (config.backend === "python") return await checkScores(folder, findings);
  if (!config.backend)
    findings.error(configFile, 'no backend is named: write backend: "vllm", or "python" for a model.py');
  else
    findings.warn(configFile, `the backend "${config.backend}" is not looked into; only files and names are`);
  return undefined;
}

/** The folder that a server loads: the greatest number, or the greatest of those that the configuration names. */
function servedVersion(
  dir: string,
  { folders, config, findings }: { folders: readonly string[]; config: ModelConfig; findings: Findings },
): string | undefined {
  const versions = folders.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  const asked = config.version_policy?.specific?.versions?.map((version) => Number(version.toString())) ?? [];
  for (const version of asked) {
    if (!versions.includes(version))
      findings.error(
        dir,
        `the configuration asks for version ${version}, which has no folder: make ${join(dir, String(version))}`,
      );
  }
  const odd = folders.find((name) => /^(0\d*|v\d+)$/.test(name));
  if (odd !== undefined)
    findings.warn(
      join(dir, odd),
      "is not taken for a version: its name must be a number that does not begin with 0",
    );
  const usable = asked.length > 0 ? asked.filter((version) => versions.includes(version)) : versions;
  if (usable.length === 0) {
    if (asked.length === 0)
      findings.error(
        dir,
        `there is no version: a model's files belong into a folder with a number, ${join(dir, "1")}`,
      );
    return undefined;
  }
  return join(dir, String(Math.max(...usable)));
}

function containerFor(
  config: ModelConfig,
  { configFile, options }: { configFile: string; options: CheckOptions },
): Container {
  const tag = config.parameters?.[ORIGIN.container]?.string_value;
  return tag === undefined ? containerOf(options.container, "--container") : containerOf(tag, configFile);
}

/** Undefined for a model that was written by hand, or from a value file that is not here. */
async function profileOf(config: ModelConfig): Promise<Profile | undefined> {
  const name = config.parameters?.[ORIGIN.profile]?.string_value;
  return name !== undefined && (await listProfiles()).includes(name) ? await readProfile(name) : undefined;
}
