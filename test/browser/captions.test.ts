import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { CaptionServer } from "@followspot/captions";
import { readMetadata } from "../../packages/captions/src/testdata/caption-show.ts";
import { draftedShow } from "../../packages/captions/src/testdata/drafted-show.ts";
import { withoutBrowser } from "./find-browser.ts";
import { openBrowser, watchPage } from "./open-browser.ts";

const skip = withoutBrowser;

async function setUp(context: TestContext) {
  const drafted = await draftedShow(context, {
    "red-01.jpg": {
      caption: "Little Red Riding Hood beside Rufus, in the rehearsal room.",
      flags: [{ kind: "invented-name", about: "Rufus" }],
    },
    "wolf-01.jpg": {
      caption: "The Wolf in profile, with one paw raised, on the wooden table, at noon.",
      seen: "A grey wolf in a purple waistcoat turns to the side and lifts a paw, on a wooden table at noon.",
    },
  });
  const server = await CaptionServer.listen({ desk: drafted.desk, showName: "A show", port: 0 });
  context.after(() => server.close());
  const browser = await openBrowser();
  context.after(() => browser.close());
  return { ...drafted, ...(await watchPage(browser, server.url)) };
}

test("drafts are decided by keys alone: confirmed, edited, taken back, left for later", {
  skip,
}, async (context) => {
  const { dir, page, problems, entry } = await setUp(context);
  const before = await readMetadata(dir);
  await page.getByText("0 of 3 decided").waitFor();
  assert.ok(!page.url().includes("ticket"), "the ticket has left the address");
  const picture = page.locator(".picture img");
  // Ends when the picture has come, and fails where it is none.
  await picture.evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());

  await page.keyboard.press("a");
  await page.getByText("Press A again to accept it all the same").waitFor();
  assert.equal(await readMetadata(dir), before);

  await page.keyboard.press("e");
  const field = page.getByLabel("caption").and(page.locator("textarea"));
  await field.fill("Little Red Riding Hood beside Hansel.");
  await page.keyboard.press("Enter");
  await page.getByText('"Hansel" looks like a name').waitFor();
  await page.keyboard.press("e");
  await field.fill("Little Red Riding Hood waves.");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing speaks against it.").waitFor();
  assert.equal(await readMetadata(dir), before, "nothing is written before it is accepted");
  await page.keyboard.press("a");
  await page.getByText("1 of 3 decided").waitFor();
  assert.equal((await entry("red-01.jpg")).caption, "Little Red Riding Hood waves.");

  await page.keyboard.press("z");
  await page.getByText("0 of 3 decided").waitFor();
  assert.equal(await readMetadata(dir), before);

  await page.keyboard.press("s");
  await page.getByText("0 of 3 decided, 1 left for later").waitFor();
  assert.deepEqual(await page.locator(".diff ins").allInnerTexts(), ["in profile, with one paw raised,"]);
  assert.deepEqual(await page.locator(".diff del").allInnerTexts(), ["facing the camera"]);
  await page.keyboard.press("a");
  await page.getByText("1 of 3 decided, 1 left for later").waitFor();
  await page.keyboard.press("r");
  await page.getByText("All others are decided.").waitFor();
  await page.keyboard.press("s");
  await page.getByText("Little Red Riding Hood beside Rufus").waitFor();
  await page.keyboard.press("r");
  await page.getByText("Every draft is decided.").waitFor();
  assert.deepEqual(problems, []);
});

test("a line that somebody changed meanwhile is left alone, and the page says so", {
  skip,
}, async (context) => {
  const { page, desk, idOf } = await setUp(context);
  await page.getByText("0 of 3 decided").waitFor();
  await desk.decide(await idOf("red-01.jpg"), { decision: "edit", caption: "Red waves." });
  await page.keyboard.press("r");
  await page.getByText("The picture's line has changed since the draft").waitFor();
  assert.match(await page.locator(".facts").innerText(), /wolf-01\.jpg/);
});
