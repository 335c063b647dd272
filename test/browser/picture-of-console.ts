/**
 * Takes pictures of the console for the README: node test/browser/picture-of-console.ts FOLDER
 *
 * The sample show runs as `npm start` runs it. Choose one and put it in place of docs/pictures/console.png; on a busy
 * machine the recognizer sees few frames, and the pictures show that.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { until } from "@followspot/testkit";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { openBrowser, watchPage } from "./open-browser.ts";

const CLI = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
const SAMPLE = fileURLToPath(new URL("../../shows/little-red-riding-hood", import.meta.url));
const PORT = 5_900;
const PATIENCE_MS = 120_000;
const PICTURES = 16;
const BETWEEN_MS = 5_000;
const AT_LEAST_ON_STAGE = 3;
/** After the start everything is "as before", which is no picture of a show. */
const PLAYING_MS = 15_000;

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("say into which folder the pictures go");

// A copy: the show's own folder may hold the state of an earlier evening.
const show = await mkdtemp(join(tmpdir(), "followspot-picture-"));
await cp(join(SAMPLE, "show.yaml"), join(show, "show.yaml"));
await cp(join(SAMPLE, "models"), join(show, "models"), { recursive: true });

const system = spawn(process.execPath, [CLI, "up", "--show", show, "--port", String(PORT), "--no-keep"], {
  stdio: ["ignore", "inherit", "pipe"],
});
const ended = once(system, "exit");
let url: string | undefined;
for await (const line of createInterface({ input: system.stderr })) {
  url = /http:\/\/[\d.]+:\d+\/\S*/.exec(line)?.[0];
  if (url !== undefined) break;
}
let browser: Browser | undefined;
try {
  if (url === undefined) throw new Error("the system printed no address");
  browser = await openBrowser();
  const { page } = await watchPage(browser, url, {
    viewport: { width: 1_440, height: 850 },
    colorScheme: "dark",
  });
  const onStage = page.locator("[data-presence=present]");
  await page.waitForTimeout(PLAYING_MS);
  for (let number = 1; number <= PICTURES; number++) {
    await until(
      "several are on stage",
      async () => (await onStage.count()) >= AT_LEAST_ON_STAGE,
      PATIENCE_MS,
    );
    const picture = await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toBuffer();
    await writeFile(join(folder, `console-${String(number).padStart(2, "0")}.png`), picture);
    await page.waitForTimeout(BETWEEN_MS);
  }
} finally {
  await browser?.close();
  system.kill("SIGTERM");
  await ended;
  await rm(show, { recursive: true });
}
