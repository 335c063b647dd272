import assert from "node:assert/strict";
import { test } from "node:test";
import { Health, ProgressWatchdog } from "./health.ts";
import { HealthServer } from "./health-server.ts";
import { Metrics } from "./metrics.ts";

test("what is not live is not ready either", () => {
  const health = new Health();
  health.ready("model", () => ({ ok: true, detail: "loaded" }));
  health.live("progress", () => ({ ok: false, detail: "stuck" }));
  assert.equal(health.reportLive().ok, false);
  assert.equal(health.reportReady().ok, false);
});

test("the watchdog barks only where work waits for longer than its patience and none is started", () => {
  let nowMs = 0;
  const watchdog = new ProgressWatchdog(1_000, () => nowMs);
  watchdog.observed(3);
  nowMs = 900;
  assert.equal(watchdog.check().ok, true);
  nowMs = 1_100;
  assert.equal(watchdog.check().ok, false);
  watchdog.progressed();
  assert.equal(watchdog.check().ok, true);
  watchdog.observed(2);
  nowMs = 1_500;
  watchdog.observed(0);
  nowMs = 9_000;
  assert.equal(watchdog.check().ok, true);
});

test("health and metrics are served over HTTP", async (t) => {
  const health = new Health();
  const metrics = new Metrics("test-kit");
  metrics.counter("frames_total", "frames seen").inc(2);
  health.ready("redis", () => ({ ok: false, detail: "not connected" }));
  const server = await HealthServer.listen({ host: "127.0.0.1", port: 0, health, metrics });
  t.after(() => server.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
  assert.equal((await get("/health/live")).status, 200);
  const ready = await get("/health/ready");
  assert.equal(ready.status, 503);
  assert.match(await ready.text(), /not connected/);
  assert.match(await (await get("/metrics")).text(), /followspot_test_kit_frames_total 2/);
  assert.equal((await get("/elsewhere")).status, 404);
});
