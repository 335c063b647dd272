import assert from "node:assert/strict";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import { ReviewServer } from "./review-server.ts";
import { ReviewSession } from "./review-session.ts";
import { CAST, type Kept, reviewShow } from "./testdata/review-show.ts";

const KEPT: Kept[] = [
  { who: "wolf", turn: 5, confidence: 0.5 },
  { who: "red", turn: 4, confidence: 0.6 },
];

async function setUp(context: TestContext) {
  const showDir = await reviewShow(context, { kept: KEPT });
  const session = await ReviewSession.open({ showDir, cast: CAST, who: "ada" });
  const server = await ReviewServer.listen({ session, showName: "A show", port: 0 });
  context.after(() => server.close());
  const base = `http://127.0.0.1:${server.port}`;
  const enter = await fetch(server.url, { redirect: "manual" });
  const cookie = enter.headers.get("set-cookie")?.split(";")[0] ?? "";
  const get = (path: string) => fetch(base + path, { headers: { cookie } });
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    fetch(base + path, {
      method: "POST",
      headers: { cookie, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return { server, session, base, enter, cookie, get, post };
}

interface State {
  readonly counts: { readonly answered: number; readonly total: number };
  readonly question: { readonly id: string; readonly cropUrl: string; readonly frameUrl: string } | null;
  readonly accepted?: { readonly files: readonly string[] };
}

test("the address opens once; without its cookie nothing is told", async (context) => {
  const { server, base, enter, cookie, get } = await setUp(context);
  assert.deepEqual([enter.status, enter.headers.get("location")], [303, "/"]);
  assert.match(cookie, /^followspot-review-\d+=/);
  assert.equal((await get("/")).status, 200);
  assert.equal((await get("/state")).status, 200);

  const again = await fetch(server.url, { redirect: "manual" });
  assert.equal(again.headers.get("set-cookie"), null);
  for (const path of ["/", "/state", "/album/0.jpg"]) {
    const refused = await fetch(base + path);
    assert.equal(refused.status, 401);
    assert.match(await refused.text(), /start it again/);
  }
});

test("a foreign name, a foreign page and a form get nothing, even with the cookie", async (context) => {
  const { server, post, cookie } = await setUp(context);
  assert.equal((await post("/undo", {}, { origin: "http://127.0.0.1:1" })).status, 403);
  assert.equal((await post("/undo", {}, { "content-type": "text/plain" })).status, 403);
  const status = await new Promise((resolve, reject) => {
    const asked = request(
      { port: server.port, host: "127.0.0.1", path: "/state", headers: { host: "evil.example", cookie } },
      (response) => resolve(response.resume().statusCode),
    );
    asked.on("error", reject).end();
  });
  assert.equal(status, 403);
});

test("a question is asked, answered, taken back and asked again", async (context) => {
  const { get, post } = await setUp(context);
  const first = (await (await get("/state")).json()) as State;
  assert.ok(first.question);
  for (const url of [first.question.cropUrl, first.question.frameUrl, "/album/0.jpg"]) {
    const picture = await get(url);
    assert.equal(picture.headers.get("content-type"), "image/jpeg");
    assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).subarray(0, 2)], [0xff, 0xd8]);
  }
  const second = (await (
    await post("/answer", { id: first.question.id, answer: { kind: "right" } })
  ).json()) as State;
  assert.equal(second.counts.answered, 1);
  assert.notEqual(second.question?.id, first.question.id);
  const back = (await (await post("/undo")).json()) as State;
  assert.equal(back.question?.id, first.question.id);
  assert.equal((await post("/undo")).status, 409);
  await post("/answer", { id: first.question.id, answer: { kind: "cast", label: "wolf" } });
  const accepted = (await (await post("/accept")).json()) as State;
  assert.equal(accepted.accepted?.files.length, 1);
});

test("what is no answer is refused in a sentence, and no path leads out", async (context) => {
  const { get, post } = await setUp(context);
  assert.equal((await post("/answer", { id: "x", answer: { kind: "right" } })).status, 404);
  assert.equal((await post("/answer", { id: 7 })).status, 400);
  assert.equal((await post("/answer", { id: "x".repeat(5_000), answer: { kind: "right" } })).status, 400);
  for (const path of [
    "/../package.json",
    "/frames/..%2f..%2fshow.jpg",
    "/frames/none.jpg",
    "/album/999.jpg",
    "/constructor",
  ]) {
    assert.equal((await get(path)).status, 404, path);
  }
  const page = await get("/");
  assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
});

test("an answer that is far too long is refused, and whoever sent it reads why", async (context) => {
  const { post } = await setUp(context);
  const refused = await post("/undo", "x".repeat(10_000_000));
  assert.deepEqual([refused.status, await refused.text()], [413, "an answer has at most 16384 bytes\n"]);
});
