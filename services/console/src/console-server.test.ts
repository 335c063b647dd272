import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { type TestContext, test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Access, Health, Metrics } from "@followspot/runtime";
import { FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { parseShow } from "@followspot/show";
import { silentLog, until } from "@followspot/testkit";
import { WebSocket } from "ws";
import { CameraPictures } from "./camera-pictures.ts";
import { ConsoleServer } from "./console-server.ts";
import { PageFiles } from "./page-files.ts";
import { PictureSocket } from "./picture-socket.ts";

const TOKEN = "0123456789abcdef-read";
const SHOW = `
id: red-hood
name: Little Red
cast:
  - { id: red, kind: character, name: Red }
cameras:
  - { id: stage, source: "rtsp://user:secret@camera.local/live" }
  - { id: phone, source: "push:" }
`;

async function setUp(
  context: TestContext,
  options: { readonly tokens?: string; readonly maxPages?: number; readonly port?: number } = {},
) {
  const show = parseShow(SHOW, { dir: "/show", file: "show.yaml" });
  const log = silentLog();
  let sequence = 0;
  const cameras = new Map(
    ["stage", "phone"].map((cameraId) => {
      const pictures = new CameraPictures({
        cameraId,
        readNewest: async () => {
          sequence += 1;
          return create(FrameSchema, {
            header: { stamp: { cameraId, run: 1, sequence } },
            jpeg: new Uint8Array(9),
          });
        },
        encode: (frame) => toBinary(FrameSchema, frame),
        intervalMs: 5,
        log,
        onSent: () => {},
        onDropped: () => {},
      });
      context.after(() => pictures.close());
      return [cameraId, pictures] as const;
    }),
  );
  const pictures = new PictureSocket({
    cameras,
    nowMs: () => 1_234.5,
    maxPages: options.maxPages ?? 4,
    onPages: () => {},
    onRefused: () => {},
  });
  const server = await ConsoleServer.listen({
    host: "127.0.0.1",
    port: options.port ?? 0,
    show,
    access: Access.parse(options.tokens),
    resultsUrl: "http://127.0.0.1:4601",
    ingestUrl: "http://127.0.0.1:4602",
    files: await PageFiles.open(),
    pictures,
    health: new Health(),
    metrics: new Metrics("console"),
    log,
  });
  context.after(() => server.close());
  return { port: server.port, base: `http://127.0.0.1:${server.port}`, server };
}

/** fetch does not let a test set Host. */
async function ask(port: number, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const [response] = (await once(get({ port, host: "127.0.0.1", path, headers }), "response")) as [
    IncomingMessage,
  ];
  response.resume();
  return response;
}

function watch(base: string, path = "/pictures", headers: Record<string, string> = {}) {
  const socket = new WebSocket(base.replace("http", "ws") + path, { headers });
  const frames: string[] = [];
  const texts: string[] = [];
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    if (!isBinary) texts.push(String(data));
    else frames.push(fromBinary(FrameSchema, data).header?.stamp?.cameraId ?? "");
  });
  const refused = new Promise<number>((resolve) => {
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => {});
  });
  return { socket, frames, texts, refused };
}

test("the page comes with a policy that lets it do what it needs and nothing more", async (t) => {
  const { base } = await setUp(t);
  const response = await fetch(`${base}/`);
  assert.equal(response.status, 200);
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self' 'sha256-/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, /connect-src 'self'.* http:\/\/127\.0\.0\.1:4601 ws:\/\/127\.0\.0\.1:4601/);
  assert.ok(!policy.includes("unsafe"));
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  const etag = response.headers.get("etag") ?? "";
  assert.equal((await fetch(`${base}/`, { headers: { "if-none-match": etag } })).status, 304);
  assert.equal((await fetch(`${base}/`, { method: "POST" })).status, 405);
  assert.equal((await fetch(`${base}/nothing`)).status, 404);
});

test("show.json says what the page may know, and no camera's password", async (t) => {
  const { base } = await setUp(t);
  const text = await (await fetch(`${base}/show.json`)).text();
  assert.ok(!text.includes("secret") && !text.includes("camera.local"));
  const show = JSON.parse(text) as { cameras: unknown[]; resultsUrl: string };
  assert.deepEqual(show.cameras, [
    { id: "stage", takesPushes: false, fps: 10, width: 640 },
    { id: "phone", takesPushes: true, fps: 10, width: 640 },
  ]);
  assert.equal(show.resultsUrl, "http://127.0.0.1:4601");
});

test("pictures come as long as the page says that it drew the last one", async (t) => {
  const { base } = await setUp(t);
  const { socket, frames, texts } = watch(base, "/pictures?camera=stage");
  await until("the first picture is there", () => frames.length === 1);
  await until("the time is told", () => texts.length > 0);
  assert.deepEqual(JSON.parse(texts[0] ?? ""), { nowMs: 1_235 });
  socket.send("no such camera");
  socket.send("stage");
  await until("the second picture is there", () => frames.length === 2);
  assert.deepEqual(frames, ["stage", "stage"]);
  socket.terminate();
});

test("without ?camera all cameras come", async (t) => {
  const { base } = await setUp(t);
  const { socket, frames } = watch(base);
  await until("both are there", () => new Set(frames).size === 2);
  socket.terminate();
});

test("a strange camera, a strange path and one page too many are refused", async (t) => {
  const { base } = await setUp(t, { maxPages: 1 });
  assert.equal(await watch(base, "/pictures?camera=x").refused, 404);
  assert.equal(await watch(base, "/elsewhere").refused, 404);
  const first = watch(base);
  await until("the first page is in", () => first.frames.length > 0);
  assert.equal(await watch(base).refused, 503);
  first.socket.terminate();
});

test("a page that sends more than camera ids is cut off", async (t) => {
  const { base } = await setUp(t);
  const { socket, frames } = watch(base);
  await until("it is in", () => frames.length > 0);
  const closed = once(socket, "close");
  socket.send("x".repeat(1_000));
  await closed;
});

test("pages from elsewhere and foreign names for this machine are refused", async (t) => {
  const { base, port } = await setUp(t);
  const evil = { origin: "https://evil.example" };
  assert.equal((await fetch(`${base}/show.json`, { headers: evil })).status, 403);
  assert.equal(await watch(base, "/pictures", evil).refused, 403);
  for (const path of ["/", "/show.json", "/page/main.ts"]) {
    assert.equal((await ask(port, path, { host: "evil.example" })).statusCode, 403);
  }
});

test("with tokens, the show and the pictures want one, and the page loads so that it can send it", async (t) => {
  const { base } = await setUp(t, { tokens: `read:${TOKEN},push:0123456789abcdef-push` });
  assert.equal((await fetch(`${base}/`)).status, 200);
  assert.equal((await fetch(`${base}/show.json`)).status, 401);
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  assert.equal((await fetch(`${base}/show.json`, bearer("0123456789abcdef-push"))).status, 403);
  assert.equal((await fetch(`${base}/show.json`, bearer(TOKEN))).status, 200);
  assert.equal(await watch(base).refused, 401);
  const { socket, frames } = watch(base, `/pictures?access_token=${TOKEN}`);
  await until("pictures come", () => frames.length > 0);
  socket.terminate();
});

test("health answers, and closing twice while a page watches ends", async (t) => {
  const { base, server } = await setUp(t);
  assert.equal((await fetch(`${base}/health/live`)).status, 200);
  assert.equal((await fetch(`${base}/health/ready`)).status, 200);
  assert.match(await (await fetch(`${base}/metrics`)).text(), /process_cpu/);
  const { socket, frames } = watch(base);
  await until("it watches", () => frames.length > 0);
  const closed = once(socket, "close");
  await server.close();
  await closed;
});

test("a port that is taken is named", async (t) => {
  const { port } = await setUp(t);
  await assert.rejects(setUp(t, { port }), (error: Error) => {
    return error.name === "UserError" && error.message.includes(`port ${port} is taken`);
  });
});
