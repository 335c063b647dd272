import assert from "node:assert/strict";
import { once } from "node:events";
import {
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { type TestContext, test } from "node:test";
import { InferenceError, type InferenceErrorReason } from "../inference-error.ts";
import { TritonClient } from "../triton-client.ts";
import { framed } from "./message-frame.ts";

const GRPC = { ":status": 200, "content-type": "application/grpc" };
/** `ServerLiveResponse { live: true }` */
const LIVE = framed(Uint8Array.of(8, 1));

/** A server that speaks HTTP/2 and does with each call what the test says. */
async function setUp(
  t: TestContext,
  serve: (stream: ServerHttp2Stream, call: number) => void,
  settings: Settings = {},
) {
  let calls = 0;
  const sessions: ServerHttp2Session[] = [];
  const server: Http2Server = createServer({ settings });
  server.on("session", (session) => sessions.push(session));
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    stream.resume();
    serve(stream, ++calls);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = await TritonClient.connect({ address: `grpc://127.0.0.1:${port}` });
  t.after(async () => {
    await client.close();
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { client, sessions, calls: () => calls };
}

function answer(stream: ServerHttp2Stream, trailers: Record<string, string> = { "grpc-status": "0" }): void {
  stream.respond(GRPC, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  for (const piece of LIVE) stream.write(piece);
  stream.end();
}

function refuses(client: TritonClient, reason: InferenceErrorReason, words: RegExp): Promise<void> {
  return assert.rejects(client.live({ deadlineMs: 10_000 }), (error) => {
    assert.ok(error instanceof InferenceError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, words);
    return true;
  });
}

test("a status with an escaped text is read, in trailers and in headers that are trailers", async (t) => {
  const { client } = await setUp(t, (stream, call) => {
    const refusal = {
      "grpc-status": "3",
      "grpc-message": "f%C3%BCnf %25, bad % escape".slice(0, call === 3 ? 27 : 13),
    };
    if (call === 1) stream.respond({ ...GRPC, ...refusal }, { endStream: true });
    else answer(stream, refusal);
  });
  await refuses(client, "rejected", /\] fünf %$/);
  await refuses(client, "rejected", /\] fünf %$/);
  await refuses(client, "rejected", /f%C3%BCnf %25, bad % escape/);
});

test("an answer that is no gRPC answer is told by its HTTP status, and tried again where a proxy is busy", async (t) => {
  const { client, calls } = await setUp(t, (stream, call) => {
    if (call === 1) stream.respond({ ":status": 403 }, { endStream: true });
    else if (call === 2) stream.respond(GRPC, { endStream: true });
    else if (call === 3) stream.respond({ ":status": 503, "content-type": "text/html" }, { endStream: true });
    else answer(stream);
  });
  await refuses(client, "unauthorized", /HTTP status code 403/);
  await refuses(client, "failed", /RST_STREAM with code 0/);
  assert.equal(await client.live(), true);
  assert.equal(calls(), 4);
});

test("a refused stream is tried again, one that broke off after it had begun is not", async (t) => {
  const { client, calls } = await setUp(t, (stream, call) => {
    if (call === 1) stream.close(7);
    else if (call === 2) answer(stream);
    else {
      stream.respond(GRPC);
      stream.write(LIVE[0]);
      // Later than what was written.
      setImmediate(() => stream.session?.destroy());
    }
  });
  assert.equal(await client.live(), true);
  assert.equal(calls(), 2);
  await refuses(client, "unavailable", /Connection dropped/);
  assert.equal(calls(), 3);
});

test("an answer that is too large, cut off or missing is none", async (t) => {
  const { client } = await setUp(t, (stream, call) => {
    stream.respond(GRPC, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    // 65 MiB by its head, then four bytes of four hundred, then nothing at all.
    if (call === 1) stream.write(Buffer.from([0, 4, 16, 0, 0]));
    else if (call === 2) stream.end(Buffer.from([0, 0, 0, 1, 144, 1, 2, 3, 4]));
    else stream.end();
  });
  await refuses(client, "too-large", /Received message larger than max/);
  await refuses(client, "failed", /cut off/);
  await refuses(client, "malformed-answer", /without an answer/);
});

test("a server that goes away in the middle of a stream's life is left at once, and connected to anew", async (t) => {
  const { client, sessions } = await setUp(t, (stream) => answer(stream));
  assert.equal(await client.live(), true);
  sessions[0]?.goaway(0);
  for (let n = 0; n < 5; n++) assert.equal(await client.live(), true);
  sessions.at(-1)?.destroy();
  for (let n = 0; n < 5; n++) assert.equal(await client.live(), true);
  assert.ok(sessions.length >= 3);
});

test("a server of another protocol is told", async (t) => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  server.listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = await TritonClient.connect({ address: `grpc://127.0.0.1:${port}` });
  t.after(() => client.close());
  await refuses(client, "unavailable", /Connection dropped: the server does not speak HTTP\/2/);
});

for (const nothing of ["", " ", "0x0", "-0", "0.0"]) {
  test(`a status of "${nothing}" is not OK`, async (t) => {
    const { client } = await setUp(t, (stream) => answer(stream, { "grpc-status": nothing }));
    await refuses(client, "failed", /UNKNOWN|unknown|2/);
  });
}

test("a connection from which something comes is not broken off, though whether the server is alive stays unanswered", async (t) => {
  const held = Promise.withResolvers<ServerHttp2Stream>();
  const { client, sessions } = await setUp(t, (one, call) => {
    if (call === 1) held.resolve(one);
    // The question whether it is alive.
    if (call === 3) sessions[0]?.ping(() => {});
  });
  const slow = client.live({ deadlineMs: 20_000 });
  const stream = await held.promise;
  await assert.rejects(client.live({ deadlineMs: 100 }), /no answer within 100 ms/);
  await assert.rejects(client.live({ deadlineMs: 2_500 }), /no answer within 2500 ms/);
  answer(stream);
  assert.equal(await slow, true);
  assert.equal(sessions.length, 1);
});

test("a connection on which no further call is taken is not broken off for its silence", async (t) => {
  const held = Promise.withResolvers<ServerHttp2Stream>();
  const { client, calls } = await setUp(t, (stream) => held.resolve(stream), { maxConcurrentStreams: 1 });
  const slow = client.live({ deadlineMs: 20_000 });
  const stream = await held.promise;
  await assert.rejects(client.live({ deadlineMs: 100 }), /no answer within 100 ms/);
  // The server would have had less time to say that it is alive.
  await assert.rejects(client.live({ deadlineMs: 2_500 }), /no answer within 2500 ms/);
  answer(stream);
  assert.equal(await slow, true);
  assert.equal(calls(), 1);
});
