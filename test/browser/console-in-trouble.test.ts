import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CameraStatus_State } from "@followspot/schema/followspot/v1/frame";
import { until, withoutRedis } from "@followspot/testkit";
import type { Browser } from "playwright-core";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { rehearse, shows, SLOW_MACHINE_MS } from "./rehearsal.ts";
import { StageForConsole } from "./stage-for-console.ts";

const skip = withoutBrowser || withoutRedis;

let browser: Browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(async () => {
  await browser?.close();
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

test("the rung in force is on the badge, and hold and manual say in one sentence what to do", {
  skip,
}, async () => {
  await using stage = await StageForConsole.start();
  rehearse(stage);
  const { page, problems } = await watchPage(browser, stage.url);
  const declare = (rung: string, best: string) => {
    const nobody = rung === "hold" || rung === "manual";
    stage.results.script({
      greeting: () => [],
      heartbeat: () => ({
        case: "heartbeat",
        value: {
          serverTimeMs: Date.now(),
          presenceRunning: true,
          recognizer: { rung, name: "", version: "", accuracy: nobody ? 0 : 0.86 },
          workers: [
            {
              workerId: "worker-1",
              state: nobody ? "waiting-for-recognizer" : "ready",
              detail: best === "closed" ? "" : "no model server answers at grpc://gpu:8001",
              reportedAtMs: Date.now(),
              ladder: [
                { rung: "qwen2-vl", breaker: best },
                { rung: "understudy", breaker: nobody ? "open" : "closed" },
              ],
            },
          ],
        },
      }),
    });
  };
  await shows(page, "#link-results[data-lamp=good]", "connected");
  declare("qwen2-vl", "closed");
  await shows(page, "#link-recognizer[data-lamp=good]", "qwen2-vl, 86 %");
  declare("understudy", "open");
  await shows(page, "#link-recognizer[data-lamp=waiting]", "understudy, 86 %");
  await shows(page, "#recognizer", "qwen2-vl away, understudy ready");
  declare("hold", "open");
  await shows(page, "#link-recognizer[data-lamp=bad]", "hold");
  await shows(page, "#banner", "what is shown is the last that was known");
  declare("manual", "open");
  await shows(page, "#banner", "run the cues by hand until this line is gone");
  declare("qwen2-vl", "closed");
  await page.locator("#banner").waitFor({ state: "hidden" });
  assert.deepEqual(problems, []);
  await page.context().close();
});
