import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { ObservationPublisher } from "@followspot/observations";
import { ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { silentLog, until, withoutRedis } from "@followspot/testkit";
import type { Browser } from "playwright-core";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";
import { StageForConsole } from "./stage-for-console.ts";

const skip = withoutBrowser || withoutRedis;
const SLOW_MACHINE_MS = 60_000;

let browser: Browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

test("an entrance that results decides on is on the page, and so is a blackout", { skip }, async () => {
  await using stage = await StageForConsole.start({ realResults: true });
  const publisher = await ObservationPublisher.connect({
    redisUrl: stage.redis.url,
    showId: "red-hood",
    log: silentLog(),
  });
  const { page, problems } = await watchPage(browser, stage.url);
  await page.locator("#link-results[data-lamp=good]").waitFor();

  /** One frame from camera to observation, as ingest and a worker would make it. */
  const play = async (scores: Readonly<Record<string, number>>, light: number) => {
    const { width, height, ...frame } = await stage.showPicture({ light });
    const labels = Object.entries(scores).map(([label, score]) => ({ label, score }));
    const recognizer = { name: "understudy", version: "v1", rung: "understudy", accuracy: 0.9 };
    await publisher.publish(create(ObservationSchema, { frame, width, height, light, labels, recognizer }));
  };
  const ABSENT = { red: 0.01, grandmother: 0.01, mother: 0.01, woodcutter: 0.01, basket: 0.01 };
  await until(
    "the wolf enters",
    async () => {
      await play({ ...ABSENT, wolf: 0.96 }, 0.5);
      return (await page.locator("#events [data-type=enter]", { hasText: "Wolf enters" }).count()) > 0;
    },
    SLOW_MACHINE_MS,
  );
  await page.locator("[data-label=wolf][data-presence=present]").waitFor();
  await page.locator("#link-recognizer", { hasText: "understudy, 90 %" }).waitFor();
  await until(
    "the blackout makes it unknown",
    async () => {
      await play({ ...ABSENT, wolf: 0.02 }, 0);
      return (await page.locator("[data-label=wolf][data-presence=unknown]").count()) > 0;
    },
    SLOW_MACHINE_MS,
  );
  assert.equal(await page.locator("#events [data-type=exit]").count(), 0, "unknown is never absent");
  assert.deepEqual(problems, []);
  await page.context().close();
  await publisher.close();
});
