import { isOpenAiAddress, OpenAiServer, parseOpenAiAddress } from "@followspot/openai-server";
import { type Closer, ConfigError, type Logger } from "@followspot/runtime";
import type { CurrentScene } from "@followspot/schema/followspot/v1/subscribe";
import type { Show } from "@followspot/show";
import { ScoresRecognizer, TritonClient } from "@followspot/triton";
import { openVisionRecognizer } from "@followspot/vision-language";
import type { WorkerConfig } from "../config.ts";
import { Cascade } from "./cascade.ts";
import { Ladder } from "./ladder.ts";
import type { LadderMetrics } from "./ladder-metrics.ts";
import type { ModelRung, RungRecognizer } from "./model-rung.ts";
import { LadderRung } from "./rung.ts";

export interface OpenLadderOptions {
  readonly show: Show;
  readonly config: Pick<WorkerConfig, "understudy" | "triton" | "frameMaxAgeMs" | "showStartedAtMs">;
  readonly scene: () => CurrentScene | undefined;
  readonly closer: Closer;
  readonly log: Logger;
  readonly metrics: LadderMetrics;
  /** Told of every change of a model or of the rung in force. */
  readonly onChange: () => void;
  /** Told of every change of the ladder's `held`. */
  readonly onHeld?: () => void;
}

/** What the understudy needs at most, and the way to it and out again: never spent on waiting for a better answer. */
const KEPT_OF_FRAME_MS = 300;
/** Pauses and patience are lengths of time: a clock that is put right, as Redis's may be, must not stretch them. */
const nowMs = () => performance.now();
/** An understudy answers as it did before, and nobody below it would do better meanwhile. */
const UNDERSTUDY_BREAKER = { warmUpAnswers: 1, mostWarmUpAnswers: 4 };

/** Opens a recognizer for each model of the show's ladder. None of them need be there yet. @throws ConfigError */
export async function openLadder(options: OpenLadderOptions): Promise<Ladder> {
  const { show, closer, log, metrics, scene, onChange, onHeld } = options;
  const { ladder, deadlineMs, manualAfterMs, cascade } = show.recognizer;
  const mostMs = Math.max(1, options.config.frameMaxAgeMs - KEPT_OF_FRAME_MS);
  const rungs: LadderRung[] = [];
  const add = (rung: ModelRung, recognizer: RungRecognizer) => {
    const opened = new LadderRung({
      rung,
      recognizer,
      deadlineMs: Math.min(deadlineMs, mostMs),
      ...(rung === "understudy" && { settings: UNDERSTUDY_BREAKER }),
      nowMs,
      log,
      onPhase: () => {
        metrics.onPhase(opened);
        onChange();
      },
      onFall: (reason) => metrics.onFall(rung, reason),
    });
    metrics.onPhase(opened);
    rungs.push(opened);
  };
  const reported = (rung: ModelRung) => () => {
    rungs.find((opened) => opened.rung === rung)?.reported();
    onChange();
  };
  const understudy = ladder.includes("understudy")
    ? await openUnderstudy(options, reported("understudy"))
    : undefined;
  if (ladder.includes("qwen2-vl"))
    add("qwen2-vl", await openVision(options, understudy, reported("qwen2-vl")));
  if (understudy) add("understudy", understudy);
  return closer.add(
    "ladder",
    new Ladder({
      rungs,
      cascade: cascade && new Cascade({ ...cascade, enterScore: show.presence.enterScore }),
      scene,
      manualAfterMs: ladder.includes("manual") ? manualAfterMs : undefined,
      nowMs,
      onStanding: (standing) => {
        log.info({ rung: standing.rung }, "rung in force");
        metrics.onStanding(standing);
        onChange();
      },
      onHandedDown: metrics.onHandedDown,
      onCascade: metrics.onCascade,
      ...(onHeld && { onHeld }),
    }),
  );
}

async function openUnderstudy(
  { config, closer, log }: OpenLadderOptions,
  onReport: () => void,
): Promise<ScoresRecognizer> {
  const { url, model } = config.understudy;
  if (!url) {
    throw new ConfigError(
      "the environment is not usable:\n  UNDERSTUDY_URL: the show's ladder names the understudy; give its address, grpc://HOST:PORT",
    );
  }
  const client = closer.add("understudy client", await TritonClient.connect({ address: url, log }));
  return closer.add("understudy", await ScoresRecognizer.connect({ client, model, log, onReport }));
}

async function openVision(
  { show, config, closer, log, metrics: { onReading } }: OpenLadderOptions,
  understudy: ScoresRecognizer | undefined,
  onReport: () => void,
): Promise<RungRecognizer> {
  const address = config.triton.url ?? show.recognizer.triton ?? "";
  const client = closer.add("model server's client", await connectServer(address, log));
  const recognizer = config.triton.model === undefined ? {} : { model: config.triton.model };
  return closer.add(
    "vision-language model",
    await openVisionRecognizer({
      client,
      show,
      recognizer,
      understudy: understudy && {
        get version() {
          return understudy.report.identity?.version;
        },
        recognize: understudy.recognize.bind(understudy),
      },
      startedAtMs: config.showStartedAtMs,
      log,
      onReport,
      onReading,
    }),
  );
}

/** A Triton, or a server with OpenAI's API: the address says which. Opens no connection yet. */
async function connectServer(address: string, log: Logger): Promise<TritonClient | OpenAiServer> {
  if (!isOpenAiAddress(address)) return await TritonClient.connect({ address, log });
  return new OpenAiServer({ address: parseOpenAiAddress(address, "recognizer.triton") });
}
