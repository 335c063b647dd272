import { Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { CameraStatus_State } from "@followspot/schema/followspot/v1/frame";
import type { Page } from "playwright-core";
import type { StageForConsole } from "./stage-for-console.ts";

/** Everything that tests wait for happens in well under a second on an idle machine. */
export const SLOW_MACHINE_MS = 30_000;

/** Red is on stage, the wolf is not, the bed is unknown, and the recognizer is well. */
export function rehearse(stage: StageForConsole, cameraState = CameraStatus_State.LIVE): void {
  const position = { epoch: "e", sequence: 7 };
  stage.results.script({
    greeting: () => [
      { case: "hello", value: { serverTimeMs: Date.now(), show: "red-hood", position, recovered: false } },
      {
        case: "snapshot",
        value: {
          ...position,
          asOfMs: Date.now(),
          labels: [
            { label: "red", state: Presence.PRESENT, sinceMs: Date.now() - 42_000, confidence: 0.97 },
            { label: "wolf", state: Presence.ABSENT, sinceMs: Date.now() - 90_000, confidence: 0.93 },
            { label: "bed", state: Presence.UNKNOWN, sinceMs: Date.now() - 3_000 },
          ],
        },
      },
    ],
    heartbeat: () => ({
      case: "heartbeat",
      value: {
        serverTimeMs: Date.now(),
        position,
        presenceRunning: true,
        recognizer: { name: "understudy", version: "9f31c2ab77e1", rung: "understudy", accuracy: 0.93 },
        newestObservationAtMs: Date.now(),
        cameras: [{ cameraId: "stage", state: cameraState, reportedAtMs: Date.now(), sent: 412 }],
        workers: [{ workerId: "w", recognizer: "understudy", state: "ready", reportedAtMs: Date.now() }],
      },
    }),
  });
}

export function enterWolf(stage: StageForConsole): void {
  stage.results.tell({
    case: "event",
    value: {
      id: "e-8",
      epoch: "e",
      sequence: 8,
      type: Event_Type.ENTER,
      label: "wolf",
      state: Presence.PRESENT,
      happenedAtMs: Date.now(),
      confidence: 0.91,
      reason: "seen by stage",
    },
  });
}

/** Colour of the middle of the picture as the page shows it, red green blue, 0 to 255. */
export async function middleOfPicture(page: Page): Promise<readonly number[]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector("[data-camera=stage] canvas");
    return [...canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data].slice(0, 3);
  })()`) as Promise<number[]>;
}

export async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: SLOW_MACHINE_MS });
}

export async function overflowPx(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - innerWidth") as Promise<number>;
}
