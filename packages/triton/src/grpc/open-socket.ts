import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ServerAddress, TlsOptions } from "../channel.ts";

/** By which TLS agrees on HTTP/2. (RFC 9113, 3.2) */
const PROTOCOL = "h2";
/** The system itself asks then whether the other end is there. Pings of HTTP/2 are not for that: see Connection. */
const KEEP_ALIVE_AFTER_MS = 15_000;

/** A connection to the server, ready for HTTP/2. @throws Error where there is none, or when the signal aborts */
export async function openSocket(
  { target, secure }: ServerAddress,
  { rootCerts, privateKey, certChain }: TlsOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port } = hostAndPort(target);
  const tcp = {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  };
  if (!secure) {
    const socket = connectTcp(tcp);
    await opened(socket, "connect", signal);
    return socket;
  }
  const socket = connectTls({
    ...tcp,
    ALPNProtocols: [PROTOCOL],
    ...(isIP(host) === 0 && { servername: host }),
    ...(rootCerts && { ca: rootCerts }),
    ...(privateKey && { key: privateKey }),
    ...(certChain && { cert: certChain }),
  });
  await opened(socket, "secureConnect", signal);
  if (socket.alpnProtocol !== PROTOCOL) {
    socket.destroy();
    throw new Error("the server does not speak HTTP/2");
  }
  return socket;
}

function hostAndPort(target: string): { host: string; port: number } {
  const at = target.lastIndexOf(":");
  return { host: target.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(target.slice(at + 1)) };
}

async function opened(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  const giveUp = () => socket.destroy(signal.reason instanceof Error ? signal.reason : new Error("given up"));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const closed = () => reject(new Error("closed at once"));
  socket.once(event, resolve);
  socket.once("error", reject);
  socket.once("close", closed);
  signal.addEventListener("abort", giveUp);
  if (signal.aborted) giveUp();
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", giveUp);
    socket.off("error", reject);
    socket.off("close", closed);
  }
}
