import assert from "node:assert/strict";
import { test } from "node:test";
import { redisForTests, silentLog, withoutRedis } from "@followspot/testkit";
import { RedisClock } from "./redis-clock.ts";
import { RedisConnection } from "./redis-connection.ts";

test("the clock is Redis server time, whatever this host's clock says", { skip: withoutRedis }, async (t) => {
  const server = await redisForTests(t);
  const connection = await RedisConnection.connect(server.url, "live", silentLog());
  t.after(() => connection.close());
  t.mock.method(Date, "now", () => 0);
  const clock = await RedisClock.connect(connection.client);
  t.after(() => clock.close());
  const before = clock.nowMs();
  const [seconds, micros] = await connection.client.time();
  const server_ms = Number(seconds) * 1_000 + Number(micros) / 1_000;
  const after = clock.nowMs();
  // The server's time was read between our two looks; the offset may be off by its stated error.
  assert.ok(
    before - clock.errorMs <= server_ms && server_ms <= after + clock.errorMs,
    `${before} ${server_ms} ${after}`,
  );
});

test("an unreachable Redis is named by host only", { skip: withoutRedis }, async () => {
  await assert.rejects(
    RedisConnection.connect("redis://:secret@127.0.0.1:1", "live", silentLog()),
    (error) => /redis:\/\/\*\*\*@127\.0\.0\.1:1/.test(String(error)) && !String(error).includes("secret"),
  );
});
