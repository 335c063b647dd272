import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { FaultProxy } from "./fault-proxy.ts";
import { until } from "./until.ts";

/** An echo server behind a proxy. */
async function setUp(t: TestContext) {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  const proxy = await FaultProxy.start({ port: typeof address === "object" && address ? address.port : 0 });
  t.after(() => proxy.close());
  return proxy;
}

function open(t: TestContext, proxy: FaultProxy) {
  const socket: Socket = connect(proxy.port, "127.0.0.1");
  t.after(() => socket.destroy());
  let received = "";
  let ended: string | undefined;
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => (received += text));
  socket.on("error", (error: NodeJS.ErrnoException) => (ended = error.code));
  socket.on("close", () => (ended ??= "closed"));
  return { socket, received: () => received, ended: () => ended };
}

test("bytes pass both ways, an end is passed on, and nothing is left open", async (t) => {
  const proxy = await setUp(t);
  const { socket, received, ended } = open(t, proxy);
  socket.end("hello");
  await until("the connection has ended", ended);
  assert.deepEqual([received(), ended()], ["hello", "closed"]);
  await until("the proxy has let go", () => proxy.connections === 0);
});

test("a delay holds everything back, in order", async (t) => {
  const proxy = await setUp(t);
  await proxy.set("delay", 30);
  const { socket, received } = open(t, proxy);
  const begunAtMs = performance.now();
  for (const letter of "abcdef") socket.write(letter);
  await until("all has come back", () => received() === "abcdef");
  assert.ok(performance.now() - begunAtMs >= 55, "both ways are delayed");
});

test("a black hole keeps the connection and swallows what is sent", async (t) => {
  const proxy = await setUp(t);
  const { socket, received, ended } = open(t, proxy);
  socket.write("before");
  await until("it passes", () => received() === "before");
  await proxy.set("black-hole");
  socket.write("lost");
  const other = open(t, proxy);
  await once(other.socket, "connect");
  other.socket.write("lost too");
  await proxy.set("pass");
  socket.write("after");
  await until("it passes again", () => received().endsWith("after"));
  assert.equal(ended(), undefined);
  proxy.forget();
  socket.write("never");
  const fresh = open(t, proxy);
  fresh.socket.write("fresh");
  await until("a new connection passes", () => fresh.received() === "fresh");
  assert.ok(!received().includes("never"));
});

test("a reset is seen as a reset, refusing as refusal, and both end", async (t) => {
  const proxy = await setUp(t);
  const first = open(t, proxy);
  first.socket.write("x");
  await until("it passes", () => first.received() === "x");
  proxy.reset();
  assert.equal(await until("the reset arrives", first.ended), "ECONNRESET");
  await proxy.set("refuse");
  assert.equal(await until("it is refused", open(t, proxy).ended), "ECONNREFUSED");
  await proxy.set("pass");
  const again = open(t, proxy);
  again.socket.write("y");
  await until("it passes on the same port", () => again.received() === "y");
});
