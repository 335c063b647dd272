import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { type TestContext, test } from "node:test";
import { type Body, readBody } from "./read-body.ts";

const LIMITS = { maxBytes: 1_000, deadlineMs: 200 };
/** More than all buffers on the way hold together. */
const FAR_TOO_MUCH = 20_000_000;

/** A server that says what came of the body, and a raw connection to it. */
async function serve(t: TestContext) {
  const bodies: Body[] = [];
  const server = createServer((request, response) => {
    void readBody(request, response, LIMITS).then((body) => {
      bodies.push(body);
      if (body === "late") response.writeHead(408).end("late\n");
      else if ("tooLarge" in body) response.writeHead(413).end("too large\n");
      else response.writeHead(200).end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => socket.destroy());
  let said = "";
  socket.setEncoding("utf8").on("data", (text: string) => (said += text));
  const failures: Error[] = [];
  socket.on("error", (error) => failures.push(error));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  return { socket, bodies, ended, failures, said: () => said };
}

function chunk(bytes: number): string {
  return `${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n`;
}

const CHUNKED = "PUT / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";

test("a body of the size that is allowed is read whole, one byte more is refused", async (t) => {
  const { socket, bodies, ended, said } = await serve(t);
  socket.write("PUT / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
  for (const bytes of [600, 400]) socket.write(chunk(bytes));
  socket.write("0\r\n\r\n");
  socket.write(CHUNKED);
  for (const bytes of [600, 401]) socket.write(chunk(bytes));
  socket.write("0\r\n\r\n");
  await ended;
  assert.match(said(), /200 OK[^]*x{1000}[^]*413 Payload Too Large[^]*too large/);
  const [whole, refused] = bodies;
  assert.ok(Buffer.isBuffer(whole) && whole.length === 1_000);
  assert.deepEqual(refused, { tooLarge: 1_001 });
});

for (const connection of ["keep-alive", "close"]) {
  test(`whoever sends far too much reads why it was refused, with connection: ${connection}`, async (t) => {
    const { socket, ended, said, failures } = await serve(t);
    socket.write(
      `PUT / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: ${connection}\r\n\r\n`,
    );
    const block = chunk(100_000);
    for (let sent = 0; sent < FAR_TOO_MUCH; sent += 100_000) {
      if (!socket.write(block)) await Promise.race([once(socket, "drain"), ended]);
    }
    socket.end("0\r\n\r\n");
    await ended;
    assert.match(said(), /^HTTP\/1.1 413 .*too large/s);
    assert.deepEqual(failures, []);
  });
}

test("a sender without an end is cut off", async (t) => {
  const { socket, ended, said } = await serve(t);
  socket.write(CHUNKED);
  const block = chunk(100_000);
  const timer = setInterval(() => socket.writableLength < 1_000_000 && socket.write(block), 1);
  t.after(() => clearInterval(timer));
  await ended;
  assert.match(said(), /^HTTP\/1.1 413 /);
});

test("what is announced too long is not waited for", async (t) => {
  const { socket, bodies, said } = await serve(t);
  socket.write("PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n");
  await once(socket, "data");
  assert.match(said(), /^HTTP\/1.1 413 /);
  assert.deepEqual(bodies, [{ tooLarge: 5_000 }]);
});

test("a body that does not come to its end is late, and one whose sender leaves", async (t) => {
  const { socket, bodies, said, ended } = await serve(t);
  socket.write(`${CHUNKED}${chunk(10)}`);
  await once(socket, "data");
  assert.match(said(), /^HTTP\/1.1 408 /);
  await ended;
  const other = await serve(t);
  other.socket.write(`${CHUNKED}${chunk(10)}`, () => other.socket.destroy());
  await other.ended;
  assert.deepEqual(bodies, ["late"]);
});
