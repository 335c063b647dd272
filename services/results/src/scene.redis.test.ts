import assert from "node:assert/strict";
import { test } from "node:test";
import { FollowspotClient } from "@followspot/client";
import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import { until, withoutRedis } from "@followspot/testkit";
import { Rig } from "./testdata/rig.ts";

const skip = withoutRedis;
const READ = "reader-reader-reader";
const OPERATE = "operator-operator-operator";

test("who may operate sets the scene, every subscriber hears of it, and who may only read cannot", {
  skip,
}, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t, {
    FOLLOWSPOT_TOKENS: `read:${READ},read:${OPERATE},operate:${OPERATE}`,
  });
  const scene = async (token: string | undefined, body?: string) => {
    const response = await fetch(`${results.url}/v1/scene`, {
      ...(body !== undefined && { method: "PUT", body }),
      ...(token && { headers: { authorization: `Bearer ${token}` } }),
    });
    return [response.status, await response.text()] as const;
  };
  let heartbeat: Heartbeat | undefined;
  const client = new FollowspotClient({ url: results.url, token: READ });
  t.after(() => client.close());
  client.subscribe((update) => {
    if (update.kind === "heartbeat") heartbeat = update.heartbeat;
  });

  assert.deepEqual(await scene(READ), [200, "{}\n"]);
  assert.equal((await scene(undefined, '{"scene": "forest"}'))[0], 401);
  const [status, refusal] = await scene(READ, '{"scene": "forest"}');
  assert.deepEqual([status, refusal], [403, "this access token does not have the scope operate\n"]);

  const [, set] = await scene(OPERATE, '{"scene": "forest"}');
  assert.equal((JSON.parse(set) as { id: string }).id, "forest");
  await until("it is in the heartbeat", () => heartbeat?.scene?.id === "forest");
  assert.equal((await scene(OPERATE, '{"scene": null}'))[0], 200);
  await until("its end is in the heartbeat", () => heartbeat?.scene?.id === "");
});

test("what is no scene of the show is refused in a sentence, and nothing changes", { skip }, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t);
  const put = async (body: string) => {
    const response = await fetch(`${results.url}/v1/scene`, { method: "PUT", body });
    return [response.status, await response.text()] as const;
  };
  assert.deepEqual(await put('{"scene": "moon"}'), [404, 'the show has no scene "moon": it has forest\n']);
  const wanted = 'it must be {"scene": "ID"}, or {"scene": null} for none\n';
  for (const body of ["", "forest", "{}", '{"scene": 1}', '{"scene": "forest", "x": 1}']) {
    assert.deepEqual(await put(body), [400, `the body is something else: ${wanted}`]);
  }
  // More than any buffer on the way holds: the refusal is read all the same.
  assert.deepEqual(await put("x".repeat(10_000_000)), [413, `the body is too large: ${wanted}`]);
  assert.equal(await (await fetch(`${results.url}/v1/scene`)).text(), "{}\n");
  assert.equal((await fetch(`${results.url}/v1/scene`, { method: "DELETE" })).status, 405);
});
