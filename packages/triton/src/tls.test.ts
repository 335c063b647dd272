import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { promisify } from "node:util";
import { create } from "@bufbuild/protobuf";
import { GRPCInferenceService, ServerLiveResponseSchema } from "@followspot/schema/inference/grpc_service";
import { type sendUnaryData, Server, ServerCredentials } from "@grpc/grpc-js";
import { toGrpcService } from "./grpc-service.ts";
import { TritonClient } from "./triton-client.ts";

const run = promisify(execFile);
const withoutOpenssl = await run("openssl", ["version"]).then(
  () => false,
  () => "openssl, which makes the certificate, is not installed",
);

async function certificate(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "followspot-tls-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-keyout",
    key,
    "-out",
    cert,
    ...name,
  ]);
  return { key: await readFile(key), cert: await readFile(cert) };
}

test("grpcs:// speaks TLS, checks the server, and trusts nobody by default", {
  skip: withoutOpenssl,
}, async (t) => {
  const { key, cert } = await certificate(t);
  const server = new Server();
  t.after(() => server.forceShutdown());
  server.addService(toGrpcService(GRPCInferenceService), {
    serverLive: (_call: unknown, reply: sendUnaryData<unknown>) =>
      reply(null, create(ServerLiveResponseSchema, { live: true })),
  });
  const secure = ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
  const port = await promisify(server.bindAsync.bind(server))("localhost:0", secure);

  const trusting = await TritonClient.connect({
    address: `grpcs://localhost:${port}`,
    tls: { rootCerts: cert },
  });
  t.after(() => trusting.close());
  assert.equal(await trusting.live(), true);

  for (const address of [`grpcs://localhost:${port}`, `grpc://localhost:${port}`]) {
    const stranger = await TritonClient.connect({ address });
    t.after(() => stranger.close());
    await assert.rejects(stranger.live({ deadlineMs: 10_000 }), /\[unavailable\]/);
  }
});

async function listening(t: TestContext, server: TcpServer): Promise<number> {
  server.listen(0, "localhost");
  t.after(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("a TLS server that does not agree on HTTP/2 is told", { skip: withoutOpenssl }, async (t) => {
  const { key, cert } = await certificate(t);
  const port = await listening(t, createTlsServer({ key, cert }));
  const client = await TritonClient.connect({
    address: `grpcs://localhost:${port}`,
    tls: { rootCerts: cert },
  });
  t.after(() => client.close());
  await assert.rejects(client.live(), /\[unavailable\].* does not speak HTTP\/2/);
});

test("closing does not wait for a server that never answers the handshake", async (t) => {
  const server = createTcpServer();
  const port = await listening(t, server);
  const client = await TritonClient.connect({ address: `grpcs://localhost:${port}` });
  const call = client.live({ deadlineMs: 60_000 });
  const [socket] = await once(server, "connection");
  const gone = once(socket.on("error", () => {}).resume(), "close");
  await Promise.all([assert.rejects(call, /\[canceled\]/), client.close()]);
  await gone;
});
