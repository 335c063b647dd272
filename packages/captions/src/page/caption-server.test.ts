import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { readMetadata } from "../testdata/caption-show.ts";
import { draftedShow } from "../testdata/drafted-show.ts";
import { CaptionServer, type CaptionState } from "./caption-server.ts";

async function setUp(context: TestContext, changes?: Parameters<typeof draftedShow>[1]) {
  const drafted = await draftedShow(context, changes);
  const server = await CaptionServer.listen({ desk: drafted.desk, showName: "A show", port: 0 });
  context.after(() => server.close());
  const enter = await fetch(server.url, { redirect: "manual" });
  const cookie = enter.headers.get("set-cookie")?.split(";")[0] ?? "";
  const base = new URL(server.url).origin;
  const get = (path: string) => fetch(base + path, { headers: { cookie } });
  const post = (path: string, body: unknown = {}) =>
    fetch(base + path, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const state = async (response: Promise<Response>) => (await (await response).json()) as CaptionState;
  return { ...drafted, base, get, post, state };
}

test("the page's own files are served, and nothing without the cookie", async (context) => {
  const { base, get } = await setUp(context);
  for (const path of [
    "/",
    "/main.js",
    "/draft-view.js",
    "/state.js",
    "/word-diff.js",
    "/style.css",
    "/captions.css",
    "/choice.js",
    "/dom.js",
    "/server.js",
  ]) {
    assert.equal((await get(path)).status, 200, path);
    assert.equal((await fetch(base + path)).status, 401, path);
  }
  const script = await (await get("/draft-view.js")).text();
  assert.match(script, /from "\.\/dom\.js"/);
  assert.match(script, /from "\.\/word-diff\.js"/);
  assert.equal((await get("/../package.json")).status, 404);
});

test("drafts are decided one after another, with undo, and left for later", async (context) => {
  const { dir, get, post, state } = await setUp(context);
  const before = await readMetadata(dir);
  const first = await state(get("/state"));
  assert.equal(first.draft?.fileName, "red-01.jpg");
  const picture = await get(first.draft?.pictureUrl ?? "");
  assert.equal(picture.headers.get("content-type"), "image/jpeg");
  const later = await state(post("/skip", { id: first.draft?.id }));
  assert.deepEqual([later.skipped, later.draft?.fileName], [1, "wolf-01.jpg"]);
  const decided = await state(post("/decide", { id: later.draft?.id, decision: { decision: "accept" } }));
  assert.deepEqual(
    [decided.decided, decided.draft?.fileName, decided.counts.accepted],
    ["written", "axe-01.jpg", 1],
  );
  assert.match(await readMetadata(dir), /Draft of wolf\./);
  const undone = await state(post("/undo"));
  assert.equal(undone.draft?.fileName, "wolf-01.jpg");
  assert.equal(await readMetadata(dir), before);
  assert.equal((await state(post("/unskip"))).draft?.fileName, "red-01.jpg");
  const nothing = await post("/undo");
  assert.deepEqual(
    [nothing.status, await nothing.text()],
    [409, "there is no decision of yours to take back, or its picture's line has changed since\n"],
  );
});

test("the page cannot accept what is flagged without confirming it, whatever it sends", async (context) => {
  const flags = [{ kind: "invented-name" as const, about: "Rufus" }];
  const { dir, get, post, state } = await setUp(context, { "red-01.jpg": { flags } });
  const before = await readMetadata(dir);
  const { draft } = await state(get("/state"));
  const asked = await state(post("/decide", { id: draft?.id, decision: { decision: "accept" } }));
  assert.deepEqual([asked.decided, asked.draft?.id], ["confirm", draft?.id]);
  assert.equal(await readMetadata(dir), before);
  const checked = (await (
    await post("/check", { id: draft?.id, caption: "Hansel and the Wolf" })
  ).json()) as object[];
  assert.deepEqual(checked, [
    { about: "Hansel", text: '"Hansel" looks like a name, and is nobody of the cast', confirm: true },
    { about: "wolf", text: "wolf is mentioned, and nobody has framed it in this picture", confirm: true },
  ]);
  const bad = await post("/decide", { id: draft?.id, decision: { decision: "edit" } });
  assert.deepEqual([bad.status, /cannot be read/.test(await bad.text())], [400, true]);
});
