import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerHttp2Stream, type Settings } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { encodeHeaders } from "./headers.ts";
import { Http2Session } from "./session.ts";
import { STATIC_FIELDS } from "./static-fields.ts";

/** Node's own server stands on nghttp2, which knows nothing of our code. */
async function setUp(
  t: Pick<TestContext, "after">,
  serve: (stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>) => void,
  settings: Settings = {},
) {
  const server = createServer({ settings });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    serve(stream, headers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  const session = new Http2Session(socket, { onLeave: () => {}, onClose: () => {} });
  t.after(() => {
    session.destroy();
    server.close();
  });
  return session;
}

interface Answer {
  readonly headers: Record<string, string>[];
  readonly body: Buffer;
  readonly end: number | Error;
}

function ask(
  session: Http2Session,
  { fields = [], body = [] }: { fields?: [string, string][]; body?: Uint8Array[] } = {},
): Promise<Answer> {
  const pseudo: [string, string][] = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "test"],
  ];
  return new Promise((resolve) => {
    const headers: Record<string, string>[] = [];
    const chunks: Buffer[] = [];
    session.request(encodeHeaders([...pseudo, ...fields]), body, {
      onHeaders: (some) => headers.push(Object.fromEntries(some)),
      onData: (chunk) => chunks.push(Buffer.from(chunk)),
      onClose: (end) => resolve({ headers, body: Buffer.concat(chunks), end }),
    });
  });
}

/** Texts that are long enough for nghttp2 to compress them, also where they hold what seldom occurs. */
const octet = fc.oneof(
  fc.constant(9),
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.integer({ min: 0x80, max: 0xff }),
);
const text = fc
  .tuple(
    fc.array(octet, { maxLength: 3 }),
    fc.string({ unit: fc.constantFrom("a", "e", "o", "s", "t", "0", "1"), maxLength: 60 }),
  )
  .map(([odd, usual]) => `${usual}${Buffer.from(odd).toString("latin1")}${usual}`.trim());

test("the headers and trailers that nghttp2 writes are read, compressed ones too", async (t) => {
  let sent: Record<string, string> = {};
  const session = await setUp(t, (stream) => {
    stream.respond({ ":status": 200, ...sent }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(sent));
    stream.end();
  });
  const fields = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,20}$/), text, { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(fields, async (some) => {
      sent = { ...some };
      const { headers, end } = await ask(session);
      assert.equal(end, 0);
      const [{ ":status": status, date: _date, ...first } = {}, trailers = {}] = headers;
      assert.equal(status, "200");
      assert.deepEqual(first, sent);
      assert.deepEqual(trailers, sent);
    }),
  );
});

test("the fields that have a number are those of nghttp2", async (t) => {
  const connectionSpecific = ["transfer-encoding"];
  const names = STATIC_FIELDS.map(([name]) => name).filter(
    (name) => !name.startsWith(":") && !connectionSpecific.includes(name),
  );
  const statuses = STATIC_FIELDS.filter(([name]) => name === ":status").map(([, value]) => value);
  const values = new Map(STATIC_FIELDS);
  const sent = Object.fromEntries(names.map((name) => [name, values.get(name) || "some"]));
  let status = "200";
  const session = await setUp(t, (stream) => {
    stream.respond({ ":status": Number(status), ...sent }, { endStream: true });
  });
  for (status of statuses) {
    const { headers } = await ask(session);
    assert.deepEqual(headers, [{ ":status": status, ...sent }]);
  }
  assert.deepEqual([names.length, statuses.length], [46, 7]);
});

test("the headers that we write are read by nghttp2", async (t) => {
  let received: NodeJS.Dict<string | string[]> = {};
  const session = await setUp(t, (stream, headers) => {
    received = headers;
    stream.respond({ ":status": 200 }, { endStream: true });
  });
  const fields = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,200}$/), fc.stringMatching(/^[!-~]{0,300}$/), {
    maxKeys: 5,
  });
  await fc.assert(
    fc.asyncProperty(fields, async (some) => {
      await ask(session, { fields: Object.entries(some) });
      for (const [name, value] of Object.entries(some)) assert.equal(received[name], value);
    }),
  );
});

test("a connection that is given up says so, and why", async (t) => {
  const goodbye = Promise.withResolvers<number>();
  const session = await setUp(t, (stream) => {
    stream.session?.on("goaway", goodbye.resolve);
    stream.respond({ ":status": 200 }, { endStream: true });
  });
  await ask(session);
  session.destroy();
  assert.equal(await goodbye.promise, 0);
});

test("bodies arrive whole and are answered whole, whatever windows and limits nghttp2 has", async () => {
  const echo = (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 200 });
    stream.pipe(stream);
  };
  const piece = fc.integer({ min: 0, max: 200_000 }).map((size) => Buffer.alloc(size, size));
  const bodies = fc.array(fc.array(piece, { maxLength: 4 }), { minLength: 1, maxLength: 6 });
  const settings = fc.record({
    initialWindowSize: fc.constantFrom(1_000, 65_535, 1_000_000),
    maxConcurrentStreams: fc.constantFrom(1, 2, 100),
  });
  await fc.assert(
    fc.asyncProperty(bodies, settings, async (sent, limits) => {
      const ends: (() => void)[] = [];
      const session = await setUp({ after: (end) => void ends.push(end as () => void) }, echo, limits);
      try {
        // With the answer come the limits; before, the server would have to refuse what is too much.
        await ask(session);
        const answers = await Promise.all(sent.map((body) => ask(session, { body })));
        answers.forEach(({ body, end }, index) => {
          assert.equal(end, 0);
          assert.ok(body.equals(Buffer.concat(sent[index] ?? [])));
        });
      } finally {
        for (const end of ends) end();
      }
    }),
    { numRuns: 20 },
  );
});
