import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/** The path of a Chromium, or undefined. `FOLLOWSPOT_CHROMIUM` goes before the search path. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [env.FOLLOWSPOT_CHROMIUM, ...onPath, ...MAC_APPS].find(
    (path) => path !== undefined && isExecutable(path),
  );
}

/**
 * What to pass as `skip` to tests that need a browser: false where there is one or must be (in CI a missing browser
 * is a failure), otherwise the reason.
 */
export const withoutBrowser: string | false =
  findBrowser() || process.env.CI ? false : "no Chromium is installed, and FOLLOWSPOT_CHROMIUM names none";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
