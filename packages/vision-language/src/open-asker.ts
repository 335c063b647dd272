import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { OpenAiEngine, type OpenAiServer } from "@followspot/openai-server";
import type { Logger } from "@followspot/runtime";
import type { Show, WayToAsk } from "@followspot/show";
import {
  type FoundModel,
  InferenceError,
  type ModelWatch,
  ScoresRecognizer,
  TritonClient,
} from "@followspot/triton";
import type { Asker } from "./asking/asker.ts";
import { ListAsker } from "./asking/list-asker.ts";
import type { Proposer } from "./asking/propose.ts";
import { ScoreAsker } from "./asking/score-asker.ts";
import { ScoresAsker } from "./asking/scores-asker.ts";
import { compareWithPictures, VerifyAsker } from "./asking/verify-asker.ts";
import { LanguageEngine } from "./engine/language-engine.ts";
import type { FamilyProfile } from "./family.ts";
import { readReferences, referencesVersion } from "./pictures/reference-pictures.ts";

export interface OpenAskerOptions {
  readonly client: TritonClient | OpenAiServer;
  readonly watch: ModelWatch;
  readonly show: Show;
  readonly profile: FamilyProfile;
  readonly ask: WayToAsk;
  readonly adapter: string | undefined;
  /** Needed to ask by `verify`. */
  readonly understudy: Proposer | undefined;
  /** How many pictures of the cast the model is shown to compare with; none where 0. */
  readonly references: number;
  readonly log: Logger | undefined;
}

/**
 * The way to ask a model that was found, by its contract and by what the show wants.
 * @throws InferenceError unsupported-model where the two do not go together
 */
export async function openAsker(
  found: FoundModel,
  options: OpenAskerOptions,
  signal: AbortSignal,
): Promise<Asker> {
  const { client, watch, ask, adapter, understudy, log } = options;
  const { name } = found.identity;
  if (ask === "verify" && !understudy) {
    throw unsupported("to ask by verify, somebody must propose candidates: name understudy in the ladder");
  }
  if (found.contract === "scores" && client instanceof TritonClient) {
    const recognizer = await ScoresRecognizer.connect({ client, model: name, watch });
    const asker = new ScoresAsker({
      recognizer,
      adapter,
      calibrated: isCalibrated(found, adapter),
      listens: found.identity.rung !== "understudy",
    });
    if (ask !== "verify" || !understudy) return asker;
    return new VerifyAsker(understudy, (question, candidates) =>
      asker.ask({ ...question, labels: candidates }),
    );
  }
  const engine =
    client instanceof TritonClient
      ? await LanguageEngine.open({ client, model: name, log }, signal, found.metadata)
      : await OpenAiEngine.open(client, signal);
  const parts = { engine, profile: options.profile, adapter };
  if (ask === "list") return new ListAsker(parts);
  if (ask === "score") return new ScoreAsker(parts);
  const references = await referencesOf(options);
  const compare = compareWithPictures({ ...parts, references });
  return new VerifyAsker(understudy as Proposer, compare, referencesVersion(references));
}

/** Its rung's own server calibrates; others say so where they have done it, which holds for the bare model. */
export function isCalibrated({ identity, config }: FoundModel, adapter: string | undefined): boolean {
  if (identity.rung === "understudy") return true;
  return adapter === undefined && Boolean(config.parameters.calibration?.stringValue);
}

async function referencesOf({ show, profile, references: most }: OpenAskerOptions) {
  if (most === 0) return [];
  const labels = show.cast.map(({ id }) => id);
  try {
    return await readReferences({ datasetDir: join(show.dir, "dataset"), labels, profile, most });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw unsupported(error.message);
  }
}

function unsupported(message: string): InferenceError {
  return new InferenceError("unsupported-model", message);
}
