import { CHROMIUM } from "@followspot/setup";

/**
 * What to pass as `skip` to tests that need a browser: false where there is one or must be (in CI a missing browser
 * is a failure), otherwise the reason.
 */
export const withoutBrowser: string | false =
  CHROMIUM.find() || process.env.CI ? false : "no Chromium is installed, and FOLLOWSPOT_CHROMIUM names none";
