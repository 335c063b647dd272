import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  Flag,
  FRAME_MAX_BYTES,
  frameHead,
  FrameType,
  numbersFrame,
  Setting,
  settingsFrame,
} from "./frames.ts";
import { encodeHeaders } from "./headers.ts";
import { ErrorCode, Http2Error } from "./http2-error.ts";
import { BACKLOG_MAX_BYTES } from "./session.ts";
import { STREAM_WINDOW_BYTES } from "./stream.ts";
import {
  answer,
  Exchange,
  frame,
  headersFrame,
  scriptedPeer,
  SETTINGS,
  settled,
} from "./testdata/scripted-peer.ts";

const WHOLE = { headers: [{ ":status": "200" }, { "grpc-status": "0" }], data: "answer", ends: [0] };

function seen({ headers, data, ends }: Exchange) {
  return { headers, data: data.toString(), ends };
}

async function greeted(settings: Parameters<typeof settingsFrame>[0] = []) {
  const peer = scriptedPeer();
  await peer.send(settingsFrame(settings));
  return peer;
}

function sentTo(peer: ReturnType<typeof scriptedPeer>, type: number, streamId = 1) {
  return peer.frames.filter((one) => one.type === type && one.streamId === streamId);
}

function bytesOf(frames: readonly { payload: Buffer }[]): number {
  return frames.reduce((sum, { payload }) => sum + payload.length, 0);
}

test("it greets with its settings, takes the server's, and answers a ping", async () => {
  const peer = await greeted();
  const [settings, window, ack] = peer.frames;
  assert.equal(settings?.type, FrameType.settings);
  // No table, no push, and a window of its own for each answer.
  assert.equal(settings.payload.toString("hex"), "000100000000000200000000000400400000");
  assert.equal(window?.type, FrameType.windowUpdate);
  assert.deepEqual([ack?.type, ack?.flags, ack?.payload.length], [FrameType.settings, Flag.ack, 0]);
  await peer.send(frame(FrameType.ping, 0, Buffer.from("12345678")));
  const pong = peer.frames.at(-1);
  assert.deepEqual(
    [pong?.type, pong?.flags, pong?.payload.toString()],
    [FrameType.ping, Flag.ack, "12345678"],
  );
  const sent = peer.frames.length;
  await peer.send(
    frame(FrameType.ping, 0, Buffer.alloc(8), Flag.ack),
    frame(FrameType.settings, 0, Buffer.alloc(0), Flag.ack),
  );
  assert.equal(peer.frames.length, sent, "an answer is not answered");
});

test("an answer is the same however its bytes were cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }), async (cuts) => {
      const peer = scriptedPeer();
      const { exchange } = peer.ask();
      const bytes = Buffer.concat([SETTINGS, ...answer(1)]);
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        await peer.send(bytes.subarray(at, at + cut));
        at = Math.min(bytes.length, at + cut);
      }
      assert.deepEqual(seen(exchange), WHOLE);
    }),
    { numRuns: 30 },
  );
});

test("padding, priorities, continued headers, early hints and unknown frames do not change an answer", async () => {
  const peer = await greeted();
  const { exchange } = peer.ask();
  const block = encodeHeaders([[":status", "200"]]);
  await peer.send(
    frame(FrameType.ping, 0, Buffer.alloc(8), Flag.ack),
    frame(0xee, 1, Buffer.from("whatever")),
    headersFrame(1, { ":status": "103", link: "x" }),
    // Five octets of priority and three of padding around the first half of the headers.
    frame(
      FrameType.headers,
      1,
      Buffer.concat([Buffer.of(3, 0, 0, 0, 0, 9), block.subarray(0, 4), Buffer.alloc(3)]),
      Flag.padded | Flag.priority,
    ),
    frame(FrameType.continuation, 1, Buffer.alloc(0)),
    frame(FrameType.continuation, 1, block.subarray(4), Flag.endHeaders),
    frame(FrameType.data, 1, Buffer.from("\x02answer.."), Flag.padded),
    frame(FrameType.data, 1),
    headersFrame(1, { "grpc-status": "0" }, Flag.endHeaders | Flag.endStream),
  );
  assert.deepEqual(seen(exchange), WHOLE);
});

test("a body is cut into frames, and no more is sent than the server has room for", async () => {
  const peer = await greeted([[Setting.initialWindowSize, 40_000]]);
  const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  peer.ask([body.subarray(0, 7), body.subarray(7, 50_000), body.subarray(50_000)]);
  await settled();
  const sent = () => sentTo(peer, FrameType.data);
  assert.equal(bytesOf(sent()), 40_000);
  assert.ok(sent().every(({ payload }) => payload.length <= FRAME_MAX_BYTES));
  // Of this request, and then of all together: 65,535 at first.
  await peer.send(numbersFrame(FrameType.windowUpdate, 1, 60_000));
  assert.equal(bytesOf(sent()), 65_535);
  await peer.send(numbersFrame(FrameType.windowUpdate, 0, 1));
  assert.equal(bytesOf(sent()), 65_536);
  assert.equal(sent().filter(({ flags }) => flags & Flag.endStream).length, 0);
  await peer.send(numbersFrame(FrameType.windowUpdate, 0, 1_000_000));
  assert.ok(Buffer.concat(sent().map(({ payload }) => payload)).equals(body));
  assert.deepEqual(
    sent()
      .map(({ flags }) => flags)
      .filter(Boolean),
    [Flag.endStream],
  );
});

test("a server may take room back that it had given, and give it again", async () => {
  const peer = await greeted();
  peer.ask([Buffer.alloc(70_000)]);
  await peer.send(
    settingsFrame([[Setting.initialWindowSize, 10]]),
    numbersFrame(FrameType.windowUpdate, 0, 100_000),
  );
  assert.equal(bytesOf(sentTo(peer, FrameType.data)), 65_535);
  // From 55,525 below nothing to 4,465 above.
  await peer.send(numbersFrame(FrameType.windowUpdate, 1, 65_525));
  assert.equal(bytesOf(sentTo(peer, FrameType.data)), 65_535);
  await peer.send(numbersFrame(FrameType.windowUpdate, 1, 100));
  assert.equal(bytesOf(sentTo(peer, FrameType.data)), 65_635);
  await peer.send(settingsFrame([[Setting.initialWindowSize, 70_000]]));
  assert.equal(bytesOf(sentTo(peer, FrameType.data)), 70_000);
});

test("a request beyond the server's limit waits for its turn, unless it is given up", async () => {
  const peer = await greeted([[Setting.maxConcurrentStreams, 1]]);
  const first = peer.ask();
  const second = peer.ask();
  const third = peer.ask();
  await settled();
  assert.equal(sentTo(peer, FrameType.headers, 3).length, 0);
  peer.session.reset(second.stream, ErrorCode.cancel);
  await peer.send(...answer(1));
  assert.deepEqual(first.exchange.ends, [0]);
  assert.equal(sentTo(peer, FrameType.rstStream).length, 0, "all of it was sent");
  assert.deepEqual(second.exchange.ends, []);
  assert.equal(third.stream.id, 3);
  const fourth = peer.ask();
  peer.session.reset(third.stream, ErrorCode.cancel);
  assert.equal(fourth.stream.id, 5);
  await peer.send(...answer(5));
  assert.deepEqual(seen(fourth.exchange), WHOLE);
});

test("room is granted anew when half is used, and on a paused answer not before it goes on", async () => {
  const peer = await greeted();
  const { exchange, stream } = peer.ask();
  const grants = (id: number) =>
    sentTo(peer, FrameType.windowUpdate, id)
      .slice(id === 0 ? 1 : 0)
      .map(({ payload }) => payload.readUInt32BE());
  const chunk = frame(FrameType.data, 1, Buffer.alloc(FRAME_MAX_BYTES));
  const half = Array.from({ length: STREAM_WINDOW_BYTES / 2 / FRAME_MAX_BYTES }, () => chunk);
  await peer.send(headersFrame(1, { ":status": "200" }), ...half.slice(1));
  assert.deepEqual(grants(1), []);
  await peer.send(chunk);
  assert.deepEqual(grants(1), [STREAM_WINDOW_BYTES / 2]);
  peer.session.pause(stream);
  await peer.send(...half, ...half);
  assert.deepEqual(grants(1), [STREAM_WINDOW_BYTES / 2]);
  peer.session.resume(stream);
  await settled();
  assert.deepEqual(grants(1), [STREAM_WINDOW_BYTES / 2, STREAM_WINDOW_BYTES]);
  // All together, read as it comes: one paused answer does not hold up others.
  await peer.send(...half);
  assert.deepEqual(grants(0), [STREAM_WINDOW_BYTES * 2]);
  assert.equal(exchange.data.length, STREAM_WINDOW_BYTES * 2);
});

test("a request that is given up is reset, and what still comes for it is passed over", async () => {
  const peer = await greeted();
  const { exchange, stream } = peer.ask([Buffer.alloc(100_000)]);
  peer.session.reset(stream, ErrorCode.cancel);
  await settled();
  const [reset] = sentTo(peer, FrameType.rstStream);
  assert.equal(reset?.payload.readUInt32BE(), ErrorCode.cancel);
  await peer.send(
    ...answer(1),
    numbersFrame(FrameType.windowUpdate, 1, 9),
    numbersFrame(FrameType.windowUpdate, 0, 99_999),
  );
  assert.equal(bytesOf(sentTo(peer, FrameType.data)), 65_535, "the rest of the body is not sent");
  assert.deepEqual(exchange.ends, []);
  assert.deepEqual(peer.told, []);
});

test("a server may end a request itself, with a code or with an answer before it has read all", async () => {
  const peer = await greeted();
  const refused = peer.ask();
  await peer.send(numbersFrame(FrameType.rstStream, 1, ErrorCode.refusedStream));
  assert.deepEqual(refused.exchange.ends, [ErrorCode.refusedStream]);
  const early = peer.ask([Buffer.alloc(100_000)]);
  await peer.send(...answer(3));
  assert.deepEqual(seen(early.exchange), WHOLE);
  assert.equal(sentTo(peer, FrameType.rstStream, 3)[0]?.payload.readUInt32BE(), ErrorCode.cancel);
});

test("headers that are too long, and data before headers, end that request only", async () => {
  const peer = await greeted();
  const long = peer.ask();
  const early = peer.ask();
  const good = peer.ask();
  const part = Buffer.alloc(FRAME_MAX_BYTES);
  await peer.send(
    frame(FrameType.headers, 1, part),
    ...Array.from({ length: 20 }, () => frame(FrameType.continuation, 1, part)),
    frame(FrameType.continuation, 1, part, Flag.endHeaders),
    frame(FrameType.data, 3, Buffer.from("early")),
    ...answer(5),
  );
  assert.deepEqual(long.exchange.ends, [ErrorCode.enhanceYourCalm]);
  assert.deepEqual(seen(early.exchange), { headers: [], data: "", ends: [ErrorCode.protocolError] });
  assert.deepEqual(seen(good.exchange), WHOLE);
});

test("a server that goes away finishes what it has taken, refuses the rest, and is left", async () => {
  const peer = await greeted([[Setting.maxConcurrentStreams, 2]]);
  const taken = peer.ask();
  const refused = peer.ask();
  const waiting = peer.ask();
  await peer.send(numbersFrame(FrameType.goaway, 0, 1, ErrorCode.noError));
  assert.deepEqual(peer.told, ["leave"]);
  assert.deepEqual(refused.exchange.ends, [ErrorCode.refusedStream]);
  assert.deepEqual(waiting.exchange.ends, [ErrorCode.refusedStream]);
  assert.throws(() => peer.ask(), /takes no more calls/);
  await peer.send(...answer(1));
  assert.deepEqual(seen(taken.exchange), WHOLE);
  assert.deepEqual(peer.told, ["leave", "close"]);
});

test("a server that goes away while it carries nothing is left at once", async () => {
  const peer = await greeted();
  await peer.send(numbersFrame(FrameType.goaway, 0, 0, ErrorCode.noError));
  assert.deepEqual(peer.told, ["leave", "close"]);
});

test("a request that is given up by what came for it is granted nothing more", async () => {
  const peer = await greeted();
  const exchange = new Exchange();
  const half = STREAM_WINDOW_BYTES / 2;
  let received = 0;
  const stream = peer.session.request(encodeHeaders([]), [Buffer.from("ask")], {
    ...exchange.listener,
    onData: ({ length }) => {
      received += length;
      if (received === half) peer.session.reset(stream, ErrorCode.cancel);
    },
  });
  const chunk = frame(FrameType.data, 1, Buffer.alloc(FRAME_MAX_BYTES));
  await peer.send(
    headersFrame(1, { ":status": "200" }),
    ...Array.from({ length: half / FRAME_MAX_BYTES }, () => chunk),
  );
  assert.equal(sentTo(peer, FrameType.rstStream).length, 1);
  assert.equal(sentTo(peer, FrameType.windowUpdate).length, 0);
  assert.deepEqual(exchange.ends, []);
});

test("when the numbers are used up it is left, and what waits is refused", async () => {
  const peer = scriptedPeer({ firstId: 2 ** 31 - 3 });
  await peer.send(settingsFrame([[Setting.maxConcurrentStreams, 0]]));
  const last = [peer.ask(), peer.ask(), peer.ask()];
  await peer.send(settingsFrame([[Setting.maxConcurrentStreams, 9]]));
  assert.deepEqual(peer.told, ["leave"]);
  await peer.send(...answer(2 ** 31 - 3), ...answer(2 ** 31 - 1));
  assert.deepEqual(
    last.map(({ exchange }) => exchange.ends),
    [[0], [0], [ErrorCode.refusedStream]],
  );
  assert.deepEqual(peer.told, ["leave", "close"]);
});

test("a connection that breaks tells each request once, and takes no more", async () => {
  for (const breakOff of [
    (peer: ReturnType<typeof scriptedPeer>) => peer.far.end(),
    (peer: ReturnType<typeof scriptedPeer>) => peer.far.destroy(),
    (peer: ReturnType<typeof scriptedPeer>) => peer.session.destroy(),
  ]) {
    const peer = await greeted([[Setting.maxConcurrentStreams, 1]]);
    const asked = [peer.ask(), peer.ask()];
    breakOff(peer);
    await settled();
    peer.session.destroy();
    for (const { exchange, stream } of asked) {
      assert.equal(exchange.ends.length, 1);
      assert.ok(exchange.ends[0] instanceof Error);
      peer.session.resume(stream);
      peer.session.reset(stream, ErrorCode.cancel);
    }
    assert.deepEqual(peer.told, ["leave", "close"]);
    assert.throws(() => peer.ask(), /takes no more calls/);
  }
});

test("it keeps the process alive only while it carries something", async () => {
  const peer = await greeted();
  assert.equal(peer.held(), -1);
  const { stream } = peer.ask();
  peer.ask();
  assert.equal(peer.held(), 0);
  peer.session.reset(stream, ErrorCode.cancel);
  assert.equal(peer.held(), 0);
  await peer.send(...answer(3));
  assert.equal(peer.held(), -1);
});

const block = encodeHeaders([[":status", "200"]]);
const violations: Record<string, readonly [code: number, ...frames: readonly Buffer[]]> = {
  "a frame that is too large": [
    ErrorCode.frameSizeError,
    frameHead(FrameType.data, { bytes: FRAME_MAX_BYTES + 1 }),
  ],
  "data of no request": [ErrorCode.protocolError, frame(FrameType.data, 0)],
  "data of a request that was never made": [ErrorCode.protocolError, frame(FrameType.data, 3)],
  "headers of a server's own": [ErrorCode.protocolError, headersFrame(2, {})],
  "a frame that is all padding": [
    ErrorCode.protocolError,
    frame(FrameType.data, 1, Buffer.of(9, 1), Flag.padded),
  ],
  "headers that cannot be read": [
    ErrorCode.compressionError,
    frame(FrameType.headers, 1, Buffer.of(0xbe), Flag.endHeaders),
  ],
  "headers that are interrupted": [ErrorCode.protocolError, frame(FrameType.headers, 1, block), SETTINGS],
  "headers that another's go on with": [
    ErrorCode.protocolError,
    frame(FrameType.headers, 1, block),
    frame(FrameType.continuation, 3, block, Flag.endHeaders),
  ],
  "a continuation of nothing": [
    ErrorCode.protocolError,
    frame(FrameType.continuation, 1, block, Flag.endHeaders),
  ],
  "a push": [ErrorCode.protocolError, frame(FrameType.pushPromise, 1, Buffer.alloc(4))],
  "a ping of seven octets": [ErrorCode.frameSizeError, frame(FrameType.ping, 0, Buffer.alloc(7))],
  "half a setting": [ErrorCode.frameSizeError, frame(FrameType.settings, 0, Buffer.alloc(3))],
  "settings of one request": [ErrorCode.protocolError, frame(FrameType.settings, 1)],
  "a reset without a code": [ErrorCode.frameSizeError, frame(FrameType.rstStream, 1)],
  "a reset of the connection": [ErrorCode.protocolError, numbersFrame(FrameType.rstStream, 0, 8)],
  "a goodbye without a word": [ErrorCode.frameSizeError, frame(FrameType.goaway, 0)],
  "room without a size": [ErrorCode.frameSizeError, frame(FrameType.windowUpdate, 1)],
  "no more room": [ErrorCode.protocolError, numbersFrame(FrameType.windowUpdate, 0, 0)],
  "more room than there can be": [
    ErrorCode.flowControlError,
    numbersFrame(FrameType.windowUpdate, 0, 2 ** 31 - 1),
  ],
  "more room for a request than there can be": [
    ErrorCode.flowControlError,
    numbersFrame(FrameType.windowUpdate, 1, 2 ** 31 - 1),
  ],
  "more room in its settings than there can be": [
    ErrorCode.flowControlError,
    settingsFrame([[Setting.initialWindowSize, 2 ** 31]]),
  ],
  "more data than there is room for": [
    ErrorCode.flowControlError,
    headersFrame(1, { ":status": "200" }),
    ...Array.from({ length: STREAM_WINDOW_BYTES / FRAME_MAX_BYTES + 1 }, () =>
      frame(FrameType.data, 1, Buffer.alloc(FRAME_MAX_BYTES)),
    ),
  ],
};

for (const [what, [code, ...frames]] of Object.entries(violations)) {
  test(`${what} ends the connection, and the server is told why`, async () => {
    const peer = await greeted();
    const { exchange, stream } = peer.ask();
    peer.session.pause(stream);
    await peer.send(...frames);
    const goodbye = peer.frames.find(({ type }) => type === FrameType.goaway);
    assert.equal(goodbye?.payload.readUInt32BE(4), code);
    const [end] = exchange.ends;
    assert.ok(end instanceof Http2Error);
    assert.equal(end.code, code);
    assert.deepEqual(peer.told, ["leave", "close"]);
  });
}

test("a server that does not speak HTTP/2 is told by its first words", async () => {
  for (const words of [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), headersFrame(1, {})]) {
    const peer = scriptedPeer();
    const { exchange } = peer.ask();
    await peer.send(words);
    assert.match(String(exchange.ends[0]), /the server does not speak HTTP\/2/);
  }
});

test("a server that asks and does not read is given up, whatever it asks", async () => {
  const ping = frame(FrameType.ping, 0, Buffer.alloc(8));
  for (const last of [ping, SETTINGS, frame(FrameType.data, 1, Buffer.from("early"))]) {
    const peer = await greeted();
    const { exchange } = peer.ask();
    peer.far.pause();
    while (peer.backlog() <= BACKLOG_MAX_BYTES) {
      const missing = Math.ceil((BACKLOG_MAX_BYTES + 1 - peer.backlog()) / ping.length);
      await peer.send(Buffer.concat(Array<Buffer>(missing).fill(ping)));
      assert.deepEqual(peer.told, []);
    }
    await peer.send(last);
    assert.deepEqual(peer.told, ["leave", "close"]);
    assert.equal(exchange.ends.length, 1);
  }
});

test("a body waits for a socket that is full, where it can be taken back", async () => {
  const peer = await greeted([[Setting.initialWindowSize, 2 ** 30]]);
  await peer.send(numbersFrame(FrameType.windowUpdate, 0, 2 ** 30));
  peer.far.pause();
  const { stream } = peer.ask([Buffer.alloc(20_000_000)]);
  const { exchange } = peer.ask();
  await settled();
  peer.session.reset(stream, ErrorCode.cancel);
  peer.far.resume();
  await settled();
  assert.ok(bytesOf(sentTo(peer, FrameType.data)) < 2_000_000);
  await peer.send(...answer(3));
  assert.deepEqual(seen(exchange), WHOLE);
});

test("whatever a server sends, each request ends exactly once and nothing is thrown", async () => {
  const kind = fc.integer({ min: 0, max: 10 });
  const bytes = fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets));
  const odd = fc
    .tuple(kind, fc.integer({ min: 0, max: 5 }), bytes, fc.integer({ min: 0, max: 255 }))
    .map((parts) => frame(...parts));
  const some = fc.oneof(odd, bytes, fc.constantFrom(SETTINGS, ...answer(1), ...answer(3)));
  await fc.assert(
    fc.asyncProperty(fc.array(some, { maxLength: 12 }), async (pieces) => {
      const peer = await greeted();
      const asked = [peer.ask(), peer.ask([Buffer.alloc(70_000)])];
      await peer.send(...pieces);
      peer.far.destroy();
      await settled();
      for (const { exchange } of asked) assert.equal(exchange.ends.length, 1);
      assert.deepEqual(peer.told, ["leave", "close"]);
    }),
    { numRuns: 300 },
  );
});
