import { setTimeout as delay } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import type { Closable } from "@followspot/runtime";
import { type CameraStatus, CameraStatus_State } from "@followspot/schema/followspot/v1/frame";
import type { Observation, WorkerStatus } from "@followspot/schema/followspot/v1/observation";
import {
  type CurrentScene,
  type Heartbeat,
  HeartbeatSchema,
} from "@followspot/schema/followspot/v1/subscribe";
import { recognizerInForce } from "./recognizer-in-force.ts";

const LOOK_MS = 500;
/** What an older report says about a camera is history; the silence of its frames speaks then. */
const REPORT_AGE_MS = 10_000;

export interface SurroundingsDeps {
  readonly readCameras: () => Promise<readonly CameraStatus[]>;
  readonly readWorkers: () => Promise<readonly WorkerStatus[]>;
  readonly isLed: () => Promise<boolean>;
  /** The scene that a person has set. */
  readonly scene: () => CurrentScene | undefined;
  readonly nowMs: () => number;
}

/** What goes on around the events: cameras, workers, recognizer, whether somebody leads. Looked up twice a second. */
export class Surroundings implements Closable {
  readonly #deps: SurroundingsDeps;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #cameras: readonly CameraStatus[] = [];
  #workers: readonly WorkerStatus[] = [];
  #led = false;
  #reachable = true;
  #newest: Observation | undefined;

  private constructor(deps: SurroundingsDeps) {
    this.#deps = deps;
    this.#done = this.#run();
  }

  static watch(deps: SurroundingsDeps): Surroundings {
    return new Surroundings(deps);
  }

  /** Whether Redis answered at the last look. */
  get reachable(): boolean {
    return this.#reachable;
  }

  observed(observation: Observation): void {
    this.#newest = observation;
  }

  /** Cameras that ingest says are lost now. */
  readonly lostCameras = (): readonly string[] => {
    const oldestMs = this.#deps.nowMs() - REPORT_AGE_MS;
    return this.#cameras
      .filter(({ state, reportedAtMs }) => state === CameraStatus_State.LOST && reportedAtMs > oldestMs)
      .map(({ cameraId }) => cameraId);
  };

  heartbeat(position: { readonly epoch: string; readonly sequence: number }): Heartbeat {
    const nowMs = this.#deps.nowMs();
    const recognizer = recognizerInForce(this.#workers, nowMs) ?? this.#newest?.recognizer;
    const scene = this.#deps.scene();
    return create(HeartbeatSchema, {
      serverTimeMs: nowMs,
      position,
      presenceRunning: this.#led,
      newestObservationAtMs: this.#newest?.frame?.capturedAtMs ?? 0,
      cameras: [...this.#cameras],
      workers: [...this.#workers],
      ...(recognizer && { recognizer }),
      ...(scene && { scene }),
    });
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#look();
      await delay(LOOK_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { readCameras, readWorkers, isLed } = this.#deps;
    try {
      [this.#cameras, this.#workers, this.#led] = await Promise.all([readCameras(), readWorkers(), isLed()]);
      this.#reachable = true;
    } catch {
      // The last reports are kept, each tells its age. Without Redis nobody can append.
      this.#led = false;
      this.#reachable = false;
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
