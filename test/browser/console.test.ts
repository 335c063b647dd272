import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { CameraStatus_State } from "@followspot/schema/followspot/v1/frame";
import { until, withoutRedis } from "@followspot/testkit";
import type { Browser, Page } from "playwright-core";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { StageForConsole } from "./stage-for-console.ts";

const skip = withoutBrowser || withoutRedis;
const SLOW_MACHINE_MS = 30_000;
const TOKEN = "0123456789abcdef-read";

let browser: Browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

function rehearse(stage: StageForConsole, cameraState = CameraStatus_State.LIVE): void {
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

function enterWolf(stage: StageForConsole): void {
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
async function middleOfPicture(page: Page): Promise<readonly number[]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector("[data-camera=stage] canvas");
    return [...canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data].slice(0, 3);
  })()`) as Promise<number[]>;
}

async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: SLOW_MACHINE_MS });
}

async function overflowPx(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - innerWidth") as Promise<number>;
}

for (const [device, viewport] of [
  ["a desktop", { width: 1_440, height: 900 }],
  ["a phone", { width: 390, height: 844 }],
] as const) {
  test(`on ${device}: picture, labels, who is on stage, and an entrance`, { skip }, async () => {
    await using stage = await StageForConsole.start();
    rehearse(stage);
    const { page, problems } = await watchPage(browser, stage.url, { viewport });
    await shows(page, "header h1", "Little Red Riding Hood");
    await shows(page, "[data-label=red][data-presence=present] .state", "On stage");
    await shows(page, "[data-label=wolf][data-presence=absent] .state", "Off");
    await shows(page, "[data-label=bed][data-presence=unknown] .state", "Unknown");
    await shows(page, "[data-label=axe][data-presence=waiting] .state", "Waiting");
    await shows(page, "#recognizer", "93 % on this show's pictures");
    assert.equal(await page.locator("#events li").count(), 0, "a snapshot is never an entrance");

    await until(
      "the picture is on the page",
      async () => {
        const { run, sequence, width, height, ...stamp } = await stage.showPicture({ light: 0.6 });
        const [red = 0] = await middleOfPicture(page);
        const labels = [{ label: "red", score: 0.98, box: { left: 40, top: 40, right: 200, bottom: 300 } }];
        const frame = { ...stamp, run, sequence };
        stage.results.tell({ case: "observation", value: { frame, width, height, labels } });
        return (
          red > 120 && (await page.locator(".seen", { hasText: "Little Red Riding Hood 98 %" }).count()) > 0
        );
      },
      SLOW_MACHINE_MS,
    );

    enterWolf(stage);
    await shows(page, "#events [data-type=enter]", "Wolf enters");
    await shows(page, "[data-label=wolf][data-presence=present] .confidence", "91 %");
    assert.equal(await overflowPx(page), 0);
    assert.deepEqual(problems, []);
    await page.context().close();
  });
}

test("boxes are drawn over the picture, and the B key takes them away", { skip }, async () => {
  await using stage = await StageForConsole.start();
  rehearse(stage);
  const { page, problems } = await watchPage(browser, stage.url);
  const boxIsDrawn = async () => {
    const { width, height, ...frame } = await stage.showPicture({ light: 0.2 });
    // Its upper edge runs through the middle of the picture, in a bright colour.
    const box = { left: 100, top: height / 2, right: 540, bottom: height - 10 };
    const labels = [{ label: "red", score: 0.98, box }];
    stage.results.tell({ case: "observation", value: { frame, width, height, labels } });
    const [red = 0] = await middleOfPicture(page);
    return red > 150;
  };
  await shows(page, "#link-results[data-lamp=good]", "connected");
  await until("the box is drawn", boxIsDrawn, SLOW_MACHINE_MS);
  await page.keyboard.press("b");
  await until("the box is gone", async () => !(await boxIsDrawn()), SLOW_MACHINE_MS);
  assert.equal(await page.locator("#boxes").getAttribute("aria-pressed"), "false");
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a lost connection to results is said, what is old is marked, and all comes back", {
  skip,
}, async () => {
  await using stage = await StageForConsole.start();
  rehearse(stage);
  const { page, problems } = await watchPage(browser, stage.url);
  await shows(page, "[data-label=red][data-presence=present] .state", "On stage");
  await stage.results.crash();
  await shows(page, "#banner", "No connection to results");
  await shows(page, "#link-results[data-lamp=bad]", "lost");
  await page.locator("#stage .stale-note").waitFor();
  stage.results.recover();
  await shows(page, "#link-results[data-lamp=good]", "connected");
  await page.locator("#banner").waitFor({ state: "hidden" });
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a console that hangs is noticed, and its pictures come again when it goes on", { skip }, async () => {
  await using stage = await StageForConsole.start();
  rehearse(stage);
  const { page, problems } = await watchPage(browser, stage.url);
  const comes = async () => {
    await stage.showPicture();
    return (await page.locator("[data-camera=stage][data-state=live]").count()) > 0;
  };
  await until("pictures come", comes, SLOW_MACHINE_MS);
  stage.pause();
  await page.locator("[data-camera=stage][data-state=disconnected]").waitFor();
  await shows(page, "#link-pictures[data-lamp=bad]", "lost");
  stage.resume();
  await until("pictures come again", comes, SLOW_MACHINE_MS);
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("dark, old and lost pictures are told apart", { skip }, async () => {
  await using stage = await StageForConsole.start();
  rehearse(stage, CameraStatus_State.LOST);
  const { page, problems } = await watchPage(browser, stage.url);
  await until(
    "it is dark",
    async () => {
      await stage.showPicture({ light: 0.01 });
      return (await page.locator("[data-camera=stage][data-state=dark]").count()) > 0;
    },
    SLOW_MACHINE_MS,
  );
  await shows(page, ".sentence", "Too dark to tell who is there.");
  // No picture comes any more, and ingest says that the camera is lost.
  await shows(page, "[data-camera=stage][data-state=lost] .badge", "Camera lost");
  await stage.results.crash();
  await shows(page, "[data-camera=stage][data-state=stale] .badge", "Old picture");
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a token in the address is used everywhere, then no longer shown", { skip }, async () => {
  await using stage = await StageForConsole.start({ tokens: `read:${TOKEN}` });
  rehearse(stage);
  const { page } = await watchPage(browser, stage.url);
  await shows(page, "#banner", "No access");
  await page.goto(`${stage.url}#token=${TOKEN}`);
  await shows(page, "#link-pictures[data-lamp=good]", "connected");
  await shows(page, "[data-label=red][data-presence=present] .state", "On stage");
  assert.equal(page.url(), stage.url);
  assert.deepEqual(new Set(stage.results.tokens), new Set([TOKEN]));
  await page.reload();
  await shows(page, "#link-pictures[data-lamp=good]", "connected");
  await page.context().close();
});

test("a show without cameras says so", { skip }, async () => {
  await using stage = await StageForConsole.start({ cameras: " []\n" });
  rehearse(stage);
  const { page, problems } = await watchPage(browser, stage.url);
  await shows(page, "#no-cameras", "This show has no cameras.");
  assert.equal(await page.locator("#push").isVisible(), false);
  assert.deepEqual(problems, []);
  await page.context().close();
});
