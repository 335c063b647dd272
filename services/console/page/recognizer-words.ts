import type { RungStatus, WorkerStatus } from "@followspot/schema/followspot/v1/observation";
import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import { ageText, percentText } from "./words.ts";

/** What the page says about who recognizes. */

export type Lamp = "good" | "bad" | "waiting";

export interface LadderInput {
  readonly results: "connecting" | "open" | "lost";
  readonly heartbeat: Heartbeat | undefined;
  readonly nowMs: number | undefined;
}

/** A worker that said nothing for so long is gone. */
const WORKER_PATIENCE_MS = 5_000;

/** The badge of the rung in force. */
export function describeRecognizer(input: LadderInput): { lamp: Lamp; text: string } {
  const { heartbeat, results } = input;
  if (results !== "open" || !heartbeat) return { lamp: "waiting", text: "not known" };
  const { recognizer, workers } = heartbeat;
  if (recognizer?.rung === "manual") return { lamp: "bad", text: "manual" };
  if (recognizer?.rung === "hold") return { lamp: "bad", text: "hold" };
  if (workers.length > 0 && reporting(input).every(({ state }) => state !== "ready")) {
    return { lamp: "bad", text: "away" };
  }
  if (!recognizer?.rung) return { lamp: "waiting", text: "not heard yet" };
  const worth = recognizer.accuracy > 0 ? `, ${percentText(recognizer.accuracy)}` : "";
  const missed = missedRung(input);
  const text = [`${recognizer.rung}${worth}`, ...(missed ? [rungWords(missed)] : [])].join("; ");
  return { lamp: missed ? "waiting" : "good", text };
}

/** What a stage manager must know about who recognizes; empty where all is as it should be. */
export function recognizerSentence(input: LadderInput): string {
  const rung = input.heartbeat?.recognizer?.rung;
  if (input.results !== "open") return "";
  if (rung === "manual") return "Nobody recognizes anybody: run the cues by hand until this line is gone.";
  if (rung === "hold")
    return "Nobody recognizes anybody at the moment: what is shown is the last that was known.";
  return "";
}

/** The best rung, where it should answer and does not. */
function missedRung(input: LadderInput): RungStatus | undefined {
  return reporting(input).flatMap(({ ladder }) => {
    const [best] = ladder;
    return best && best.breaker !== "closed" && ladder.length > 1 ? [best] : [];
  })[0];
}

function reporting({ heartbeat, nowMs }: LadderInput): readonly WorkerStatus[] {
  return (heartbeat?.workers ?? []).filter(
    ({ reportedAtMs }) => (nowMs ?? 0) - reportedAtMs < WORKER_PATIENCE_MS,
  );
}

const BREAKER_WORDS: Readonly<Record<string, string>> = {
  closed: "ready",
  open: "away",
  "half-open": "on trial",
  "warming-up": "on trial",
};

function rungWords({ rung, breaker }: Pick<RungStatus, "rung" | "breaker">): string {
  return `${rung} ${BREAKER_WORDS[breaker] ?? breaker}`;
}

/** The lines under "Recognizer": rung, what it is worth, workers. Each is a term and what it is. */
export function recognizerLines(
  heartbeat: Heartbeat | undefined,
  nowMs: number | undefined,
): readonly (readonly [string, string])[] {
  if (!heartbeat) return [["State", "not heard from yet"]];
  const { recognizer, workers, newestObservationAtMs, scene } = heartbeat;
  const lines: [string, string][] = [
    ["Rung in force", recognizer?.rung || "none yet"],
    [
      "Accuracy",
      recognizer && recognizer.accuracy > 0
        ? `${percentText(recognizer.accuracy)} on this show's pictures`
        : "not measured",
    ],
  ];
  if (recognizer?.version) lines.push(["Version", recognizer.version.slice(0, 12)]);
  if (newestObservationAtMs > 0 && nowMs !== undefined) {
    lines.push(["Last labels", `${ageText(nowMs - newestObservationAtMs)} ago`]);
  }
  if (scene?.id) lines.push(["Scene", scene.id]);
  for (const worker of workers) {
    const silentMs = nowMs === undefined ? 0 : nowMs - worker.reportedAtMs;
    const state =
      silentMs > WORKER_PATIENCE_MS ? `silent for ${ageText(silentMs)}` : worker.state.replaceAll("-", " ");
    const pace = worker.modelMsP50 > 0 ? `, ${Math.round(worker.modelMsP50)} ms a picture` : "";
    lines.push([
      workers.length > 1 ? `Worker ${worker.workerId.slice(0, 8)}` : "Worker",
      `${state}${pace}, ${worker.observed} looked at${worker.detail ? `. ${worker.detail}` : ""}`,
    ]);
    if (worker.ladder.length < 2) continue;
    lines.push(["Its ladder", worker.ladder.map(rungWords).join(", ")]);
  }
  if (workers.length === 0) lines.push(["Workers", "none has reported"]);
  return lines;
}
