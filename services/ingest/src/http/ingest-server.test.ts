import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type TestContext, test } from "node:test";
import { Access, Health } from "@followspot/runtime";
import { until } from "@followspot/testkit";
import { WebSocket } from "ws";
import { PICTURE_LIMITS } from "../pictures/picture-limits.ts";
import { cameraConfig, openCameras } from "../testing/open-cameras.ts";
import { stagePicture, walkingPictures } from "../testing/test-pictures.ts";
import { IngestServer } from "./ingest-server.ts";

async function serve(context: TestContext, tokens?: string) {
  const configs = [
    cameraConfig("phone", { kind: "push" }, { fps: 60, floorFps: 60 }),
    cameraConfig("clip", { kind: "folder", path: "/nowhere" }),
  ];
  const opened = openCameras(configs);
  const server = await IngestServer.listen({
    host: "127.0.0.1",
    port: 0,
    access: Access.parse(tokens),
    health: new Health(),
    limits: PICTURE_LIMITS,
    ...opened,
  });
  opened.cameras.start();
  context.after(async () => {
    await server.close();
    await opened.cameras.close();
  });
  const at = `127.0.0.1:${server.port}`;
  const post = (path: string, body: Uint8Array, headers: Record<string, string> = {}) =>
    fetch(`http://${at}${path}`, { method: "POST", body: Buffer.from(body), headers });
  return { ...opened, at, post };
}

async function errorOf(response: Response): Promise<string> {
  return `${response.status} ${((await response.json()) as { error: string }).error}`;
}

async function connect(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers });
  await once(socket, "open");
  return socket;
}

test("a pushed picture becomes a frame and is answered with its sequence", async (t) => {
  const { post, sink } = await serve(t);
  const response = await post("/cameras/phone/frames", await stagePicture(0));
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { sequence: 1, outcome: "sent" });
  assert.equal(sink.published[0]?.header.stamp?.cameraId, "phone");
});

test("each bad picture is answered with one sentence, and counted", async (t) => {
  const { post, at } = await serve(t);
  assert.equal(
    await errorOf(await post("/cameras/phone/frames", Buffer.from("hello"))),
    "415 this is text, not a picture: send JPEG, PNG or WebP",
  );
  const whole = await stagePicture(0);
  assert.equal(
    await errorOf(await post("/cameras/phone/frames", whole.subarray(0, whole.length - 200))),
    "422 the picture is damaged or ends too early",
  );
  const listed = (await (await fetch(`http://${at}/cameras`)).json()) as {
    cameras: { cameraId: string; dropped?: Record<string, number>; detail: string }[];
  };
  const phone = listed.cameras.find((camera) => camera.cameraId === "phone");
  assert.deepEqual(phone?.dropped, { "not-a-picture": 1, truncated: 1 });
  assert.equal(phone?.detail, "the picture is damaged or ends too early");
});

test("a body that is announced too long is refused before it is sent", async (t) => {
  const { at } = await serve(t);
  const sent = request(`http://${at}/cameras/phone/frames`, {
    method: "POST",
    headers: { "content-length": 60_000_000 },
  });
  sent.on("error", () => {});
  sent.flushHeaders();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  t.after(() => sent.destroy());
  assert.equal(response.statusCode, 413);
  response.resume();
});

test("a body that turns out too long is cut off at the limit", async (t) => {
  const { at } = await serve(t);
  const sent = request(`http://${at}/cameras/phone/frames`, { method: "POST" });
  sent.on("error", () => {});
  const block = Buffer.alloc(1_000_000);
  const timer = setInterval(() => sent.writableLength < 5_000_000 && sent.write(block), 1);
  t.after(() => {
    clearInterval(timer);
    sent.destroy();
  });
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  assert.equal(response.statusCode, 413);
  response.resume();
});

test("unknown cameras, paths and methods are answered with what is there", async (t) => {
  const { post, at } = await serve(t);
  const picture = await stagePicture(0);
  assert.equal(
    await errorOf(await post("/cameras/fone/frames", picture)),
    '404 there is no camera "fone"; this show has phone, clip',
  );
  assert.match(
    await errorOf(await post("/cameras/clip/frames", picture)),
    /^404 the camera clip has a source of its own/,
  );
  assert.equal((await fetch(`http://${at}/`)).status, 404);
  assert.equal((await fetch(`http://${at}/cameras/phone/frames`)).status, 405);
  assert.equal((await fetch(`http://${at}/cameras/phone/stream`)).status, 426);
  assert.equal((await fetch(`http://${at}/health/live`)).status, 200);
  assert.match(
    await (await fetch(`http://${at}/metrics`)).text(),
    /followspot_ingest_pictures_received_total/,
  );
});

test("only who may push can push, and only admitted pages may", async (t) => {
  const token = "0123456789abcdef";
  const { post, at } = await serve(t, `push:${token},read:fedcba9876543210`);
  const picture = await stagePicture(0);
  assert.equal((await post("/cameras/phone/frames", picture)).status, 401);
  assert.equal(
    (await post("/cameras/phone/frames", picture, { authorization: `Bearer ${token}` })).status,
    202,
  );
  assert.equal(
    (await post("/cameras/phone/frames", picture, { authorization: "Bearer fedcba9876543210" })).status,
    403,
  );
  const listed = await fetch(`http://${at}/cameras`, {
    headers: { authorization: "Bearer fedcba9876543210" },
  });
  assert.equal(listed.status, 200);

  const preflight = (origin: string) =>
    fetch(`http://${at}/cameras/phone/frames`, { method: "OPTIONS", headers: { origin } });
  const admitted = await preflight("http://localhost:4600");
  assert.deepEqual(
    [admitted.status, admitted.headers.get("access-control-allow-origin")],
    [204, "http://localhost:4600"],
  );
  const foreign = await preflight("https://elsewhere.example");
  assert.deepEqual([foreign.status, foreign.headers.get("access-control-allow-origin")], [403, null]);
  await assert.rejects(connect(`ws://${at}/cameras/phone/stream`), /401/);
  const socket = await connect(`ws://${at}/cameras/phone/stream?access_token=${token}`);
  socket.close();
});

test("a sender on a WebSocket is answered for each picture and told when to send the next", async (t) => {
  const { at, cameras, sink } = await serve(t);
  const socket = await connect(`ws://${at}/cameras/phone/stream`);
  for (const [index, picture] of (await walkingPictures(3)).entries()) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.send(picture);
    const [data] = (await once(socket, "message")) as [Buffer];
    const answer = JSON.parse(data.toString()) as Record<string, unknown>;
    assert.deepEqual([answer.accepted, answer.sequence, answer.credit], [true, index + 1, 1]);
    assert.equal(typeof answer.waitMs, "number");
  }
  assert.ok(sink.published.length >= 1);
  assert.equal(cameras.get("phone")?.status().detail, "pictures come");
  socket.send(Buffer.from("no picture"));
  const [data] = (await once(socket, "message")) as [Buffer];
  const answer = JSON.parse(data.toString()) as Record<string, unknown>;
  assert.equal(answer.accepted, answer.reason === "held");
  socket.close();
  await until("the camera waits again", () =>
    cameras.get("phone")?.status().detail.startsWith("the sender has left"),
  );
});

test("a sender that sends text, or is one too many, is told why and closed", async (t) => {
  const { at } = await serve(t);
  const url = `ws://${at}/cameras/phone/stream`;
  const talker = await connect(url);
  talker.send("hello");
  assert.deepEqual((await once(talker, "close")).map(String), [
    "1003",
    "send each picture as one binary message",
  ]);
  const senders = await Promise.all(Array.from({ length: 4 }, () => connect(url)));
  const fifth = new WebSocket(url);
  assert.deepEqual((await once(fifth, "close")).map(String), ["1013", "phone has 4 senders already"]);
  for (const sender of senders) sender.close();
  await assert.rejects(connect(`ws://${at}/cameras/fone/stream`), /404/);
});

test("without Redis a push is answered with 503 and a sentence", async (t) => {
  const { post, sink } = await serve(t);
  sink.reachable = false;
  assert.equal(
    await errorOf(await post("/cameras/phone/frames", await stagePicture(0))),
    "503 pictures cannot be passed on right now: Redis does not answer",
  );
});
