import assert from "node:assert/strict";
import { CHROMIUM } from "@followspot/setup";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

const SLOW_MACHINE_MS = 30_000;

/** A headless browser that fetches nothing of its own. @throws Error where none is installed. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = CHROMIUM.find();
  assert.ok(executablePath, "no Chromium was found: install the package chromium or set FOLLOWSPOT_CHROMIUM");
  return chromium.launch({
    executablePath,
    headless: true,
    timeout: 60_000,
    args: [
      // Chromium's sandbox refuses to run as root, which is what tests in a container are.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      // A camera that shows a moving test picture, given without a question.
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught exceptions and refusals by the Content-Security-Policy, as they come. */
  readonly problems: string[];
}

/** Connections that fail are what some tests are about: the browser reports them, the page has to cope. */
const EXPECTED = /WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED/;

/** Opens `url` in a page of its own and notes everything that goes wrong in it. */
export async function watchPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare: (context: BrowserContext) => Promise<unknown> = async () => {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(SLOW_MACHINE_MS);
  await prepare(context);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(url);
  return { page, problems };
}
