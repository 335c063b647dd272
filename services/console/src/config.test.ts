import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "@followspot/runtime";
import { readConsoleConfig } from "./config.ts";

const ENV = { REDIS_URL: "redis://127.0.0.1:6379", FOLLOWSPOT_SHOW: "shows/x" };

test("without a word it listens on loopback, at the port that everybody knows", () => {
  const config = readConsoleConfig(ENV);
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 4_600);
  assert.equal(config.access.required, false);
});

test("other machines are only let in with tokens", () => {
  assert.throws(() => readConsoleConfig({ ...ENV, HOST: "0.0.0.0" }), ConfigError);
  const tokens = "read:0123456789abcdef";
  assert.equal(readConsoleConfig({ ...ENV, HOST: "0.0.0.0", FOLLOWSPOT_TOKENS: tokens }).host, "0.0.0.0");
});

test("a token that is too short is a mistake that is named without showing it", () => {
  assert.throws(
    () => readConsoleConfig({ ...ENV, FOLLOWSPOT_TOKENS: "read:hunter2" }),
    (error: Error) => error instanceof ConfigError && !error.message.includes("hunter2"),
  );
});
