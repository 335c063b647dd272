import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until, withoutRedis } from "@followspot/testkit";
import type { Browser } from "playwright-core";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { enterWolf, middleOfPicture, overflowPx, rehearse, shows, SLOW_MACHINE_MS } from "./rehearsal.ts";
import { StageForConsole } from "./stage-for-console.ts";

const skip = withoutBrowser || withoutRedis;
const TOKEN = "0123456789abcdef-read";

let browser: Browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

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
