import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ReviewServer, ReviewSession } from "@followspot/review";
import { CAST, type Kept, reviewShow } from "../../packages/review/src/testdata/review-show.ts";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";

const skip = withoutBrowser;
const KEPT: readonly Kept[] = [
  { who: "wolf", turn: 5, confidence: 0.5 },
  { who: "red", turn: 4, confidence: 0.55 },
  { who: "fox", turn: 6, guess: "wolf", confidence: 0.6 },
];

/** Less than a test has, so that a report says at what it stood still. */
const EFFECT_MS = 240_000;

async function setUp(context: TestContext) {
  const showDir = await reviewShow(context, { kept: KEPT });
  const session = await ReviewSession.open({ showDir, cast: CAST, who: "ada" });
  const server = await ReviewServer.listen({ session, showName: "A show", port: 0 });
  context.after(() => server.close());
  const browser = await openBrowser();
  context.after(() => browser.close());
  return { showDir, server, browser };
}

test("a review is done by keys alone, and its answers are in the data set", { skip }, async (context) => {
  const { showDir, server, browser } = await setUp(context);
  const { page, problems } = await watchPage(browser, server.url);
  await page.getByText("0 of 3 answered").waitFor();
  assert.ok(!page.url().includes("ticket"), "the ticket has left the address");
  const asked = page.locator("#asked");
  const first = await asked.innerText();
  await page.keyboard.press("Enter");
  await page.getByText("1 of 3 answered, 1 not in the data set yet").waitFor();
  await page.keyboard.press("z");
  await page.getByText("0 of 3 answered").waitFor();
  assert.equal(await asked.innerText(), first);
  await page.keyboard.press("Enter");
  await page.getByText("1 of 3 answered").waitFor();
  await page.keyboard.press("u");
  await page.getByText("2 of 3 answered").waitFor();
  await page.keyboard.press("1");
  await page.getByText("Everything is answered.").waitFor();
  await page.keyboard.press("e");
  // What it says where it fails comes to the report.
  const told = page.locator("#effect").locator(".lead, .bad");
  await told.waitFor({ timeout: EFFECT_MS });
  assert.equal(await told.innerText(), "3 pictures would be added.");
  await page.keyboard.press("a");
  await page.getByText("3 pictures are in the data set now").waitFor();
  const lines = (await readFile(join(showDir, "dataset/metadata.jsonl"), "utf8")).trim().split("\n");
  assert.equal(lines.filter((line) => line.includes('"answered_by":"ada"')).length, 3);
  assert.deepEqual(problems, []);
});

test("the address opens in one browser only", { skip }, async (context) => {
  const { server, browser } = await setUp(context);
  const { page } = await watchPage(browser, server.url);
  await page.getByText("0 of 3 answered").waitFor();
  const other = await watchPage(browser, server.url);
  await other.page.getByText("this address has been used already").waitFor();
  await page.reload();
  await page.getByText("0 of 3 answered").waitFor();
});
