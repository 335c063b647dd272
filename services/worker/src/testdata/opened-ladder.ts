import type { TestContext } from "node:test";
import { Closer, Metrics } from "@followspot/runtime";
import { parseShow } from "@followspot/show";
import { silentLog } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { ladderMetrics } from "../ladder/ladder-metrics.ts";
import { openLadder } from "../ladder/open-ladder.ts";
import { SMALL_PICTURE } from "./small-picture.ts";

export const LABELS = ["wolf", "hood"];

export interface OpenedLadderOptions {
  /** What show.yaml says of the recognizer, in one line. */
  readonly recognizer: string;
  readonly frameMaxAgeMs: number;
  readonly deadlineMs: number;
}

/** The ladder of a show as the worker opens it, above a scripted understudy. */
export async function openedLadder(
  t: TestContext,
  { recognizer, frameMaxAgeMs, deadlineMs }: OpenedLadderOptions,
) {
  const understudy = await ScriptedTriton.start({ models: [{ version: "u1" }] });
  t.after(() => understudy.close());
  const source = [
    "id: s",
    "name: S",
    "cast:",
    ...LABELS.map((id) => `  - { id: ${id}, kind: character, name: ${id} }`),
    `recognizer: { ${recognizer} }`,
  ].join("\n");
  const closer = new Closer();
  t.after(() => closer.close());
  const ladder = await openLadder({
    show: parseShow(source, { dir: "/shows/s", file: "show.yaml" }),
    config: {
      understudy: { url: understudy.address, model: "understudy" },
      triton: { url: undefined, model: undefined },
      frameMaxAgeMs,
      showStartedAtMs: Date.now(),
    },
    scene: () => undefined,
    closer,
    log: silentLog(),
    metrics: ladderMetrics(new Metrics("worker")),
    onChange: () => {},
  });
  let sequence = 0;
  /** Asks about the next frame; says which rung answered, if one did. */
  const frame = async () => {
    const { signal } = new AbortController();
    const place = { cameraId: "stage", frame: { run: 1, sequence: ++sequence } };
    const question = { ...place, jpeg: SMALL_PICTURE, labels: LABELS, signal, deadlineMs };
    return (await ladder.recognize(question).catch(() => undefined))?.recognizer.rung;
  };
  return { ladder, frame };
}
