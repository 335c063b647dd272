import type { TestContext } from "node:test";
import type { CurrentScene } from "@followspot/schema/followspot/v1/subscribe";
import { silentLog, until } from "@followspot/testkit";
import { FaultProxy } from "@followspot/testkit/fault-proxy";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { type Recognition, ScoresRecognizer, TritonClient } from "@followspot/triton";
import type { Cascade, CascadeReason } from "../ladder/cascade.ts";
import { type CascadeOutcome, type HandDownReason, Ladder } from "../ladder/ladder.ts";
import type { ModelRung } from "../ladder/model-rung.ts";
import { LadderRung } from "../ladder/rung.ts";
import { SMALL_PICTURE } from "./small-picture.ts";

/** Much longer than a busy machine stands still: a server that answers at once is never late. */
export const DEADLINE_MS = 1_000;
/** What handing a frame down may cost, on such a machine; less than another deadline. */
export const SLACK_MS = 700;
const FRAME_MS = 6_000;
const LABELS = ["wolf", "hood"];

export interface Answered {
  readonly rung: string;
  readonly tookMs: number;
  readonly answer: Recognition;
}

/** A whole ladder on two model servers that a test can make fail, the better one behind a proxy. */
export class LadderRig {
  readonly vision: ScriptedTriton;
  readonly understudy: ScriptedTriton;
  readonly proxy: FaultProxy;
  readonly ladder: Ladder;
  readonly handedDown: HandDownReason[];
  readonly cascaded: (readonly [CascadeReason, CascadeOutcome])[];
  /** What is played; a test may set it. */
  scene: CurrentScene | undefined;
  #sequence = 0;

  private constructor(
    parts: Pick<LadderRig, "vision" | "understudy" | "proxy" | "handedDown" | "cascaded">,
    ladder: (rig: LadderRig) => Ladder,
  ) {
    this.vision = parts.vision;
    this.understudy = parts.understudy;
    this.proxy = parts.proxy;
    this.handedDown = parts.handedDown;
    this.cascaded = parts.cascaded;
    this.ladder = ladder(this);
  }

  static async start(
    t: TestContext,
    options: {
      readonly cascade?: Cascade;
      readonly only?: ModelRung;
      /** A server of the better rung that the test has started itself. */
      readonly vision?: { readonly address: string; readonly model: string };
      /** What the better rung's server works on at once. */
      readonly visionSlots?: number;
    } = {},
  ): Promise<LadderRig> {
    const { cascade, only } = options;
    const vision = await ScriptedTriton.start({
      models: [{ name: "qwen2_vl_scores", rung: "qwen2-vl", version: "q1", slots: options.visionSlots ?? 4 }],
    });
    t.after(() => vision.close());
    const understudy = await ScriptedTriton.start({ models: [{ slots: 4, version: "u1" }] });
    t.after(() => understudy.close());
    const proxy = await FaultProxy.start({ port: vision.port });
    t.after(() => proxy.close());
    const rungs: LadderRung[] = [];
    const open = async (rung: ModelRung, address: string, model: string) => {
      const client = await TritonClient.connect({ address });
      const onReport = () => rungs.find((one) => one.rung === rung)?.reported();
      const recognizer = await ScoresRecognizer.connect({ client, model, onReport, log: silentLog() });
      t.after(async () => {
        await recognizer.close();
        await client.close();
      });
      const settings = rung === "understudy" ? { warmUpAnswers: 1 } : {};
      rungs.push(new LadderRung({ rung, recognizer, deadlineMs: DEADLINE_MS, settings, nowMs }));
    };
    const better = options.vision ?? {
      address: `grpc://127.0.0.1:${proxy.port}`,
      model: vision.model.name,
    };
    if (only !== "understudy") await open("qwen2-vl", better.address, better.model);
    if (only !== "qwen2-vl") await open("understudy", understudy.address, "understudy");
    const handedDown: HandDownReason[] = [];
    const cascaded: (readonly [CascadeReason, CascadeOutcome])[] = [];
    return new LadderRig({ vision, understudy, proxy, handedDown, cascaded }, (rig) => {
      const ladder = new Ladder({
        rungs,
        cascade,
        scene: () => rig.scene,
        nowMs,
        onHandedDown: (_from, reason) => handedDown.push(reason),
        onCascade: (reason, outcome) => cascaded.push([reason, outcome]),
      });
      t.after(() => ladder.close());
      return ladder;
    });
  }

  rung(which: ModelRung): LadderRung {
    const found = this.ladder.rungs.find(({ rung }) => rung === which);
    if (!found) throw new Error(`the ladder has no ${which}`);
    return found;
  }

  /** Asks about a frame. @throws InferenceError; Unanswered */
  async frame(
    cameraId = "stage",
    { signal = new AbortController().signal, deadlineMs = FRAME_MS } = {},
  ): Promise<Answered> {
    const startedMs = performance.now();
    const answer = await this.ladder.recognize({
      cameraId,
      frame: { run: 1, sequence: ++this.#sequence },
      jpeg: SMALL_PICTURE,
      labels: LABELS,
      signal,
      deadlineMs,
    });
    return { rung: answer.recognizer.rung, tookMs: performance.now() - startedMs, answer };
  }

  /** Sends frames until both rungs are in force. */
  async warm(): Promise<this> {
    await until("the models are there", () => this.ladder.rungs.every(({ ready }) => ready));
    await until("they are in force", async () => {
      await this.frame();
      return this.ladder.rungs.every(({ stands }) => stands);
    });
    return this;
  }
}

function nowMs(): number {
  return performance.now();
}
