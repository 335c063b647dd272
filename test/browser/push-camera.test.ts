import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { withoutRedis } from "@followspot/testkit";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { StageForConsole } from "./stage-for-console.ts";

const skip = withoutBrowser || withoutRedis;
const TOKEN = "0123456789abcdef-push";

let browser: Browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

test("a page turns its device into a camera of the show, and says when that ends", { skip }, async () => {
  await using stage = await StageForConsole.start({
    realIngest: true,
    tokens: `read:${TOKEN},push:${TOKEN}`,
  });
  const { page, problems } = await watchPage(browser, `${stage.url}#token=${TOKEN}`);
  await page.getByText("Use this device as a camera").click();
  await page.getByRole("button", { name: "Start the camera" }).click();
  await page.locator("[data-camera=stage][data-state=live]").waitFor();
  await page.locator("#push-status", { hasText: /^Sending to stage$/ }).waitFor();
  await page.locator("#push-count", { hasText: /^\d+ pictures$/ }).waitFor();
  await stage.killIngest();
  await page.locator("#push-status", { hasText: "The connection to ingest ended." }).waitFor();
  await page.getByRole("button", { name: "Start the camera" }).waitFor();
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("where the browser gives no camera, the page says so and sends photos", { skip }, async () => {
  await using stage = await StageForConsole.start({ realIngest: true });
  const { page, problems } = await watchPage(browser, stage.url, {}, (context) =>
    context.addInitScript("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"),
  );
  await page.getByText("Use this device as a camera").click();
  await page.locator("#push-reason", { hasText: "so here you can only send single photos." }).waitFor();
  assert.equal(await page.locator("#push-toggle").isVisible(), false);
  const background = { r: 200, g: 120, b: 40 };
  const buffer = await sharp({ create: { width: 800, height: 600, channels: 3, background } })
    .png()
    .toBuffer();
  await page.locator("#push-photo").setInputFiles({ name: "wolf.png", mimeType: "image/png", buffer });
  await page.locator("#push-status", { hasText: "The photo has arrived." }).waitFor();
  await page.locator("[data-camera=stage][data-state=live]").waitFor();

  const text = Buffer.from("this is not a picture");
  await page.locator("#push-photo").setInputFiles({ name: "wolf.jpg", mimeType: "image/jpeg", buffer: text });
  await page.locator("#push-status", { hasText: "The photo was refused: " }).waitFor();
  // The browser reports the refusal as a failed request; the page has said it in words.
  assert.deepEqual(
    problems.filter((problem) => !/status of 415/.test(problem)),
    [],
  );
  await page.context().close();
});
