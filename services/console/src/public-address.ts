import { isLoopback } from "@followspot/runtime";

// Stricter than a URL's hostname may be: it becomes part of a Content-Security-Policy, where ; and , mean something.
const PLAIN_HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

/**
 * The address of another service as a browser reaches it, without a trailing slash. A loopback address stands for the
 * machine that serves the page, so it takes over the name under which the browser asked (`hostHeader`): a phone that
 * opened http://192.168.1.5:4600 finds results at 192.168.1.5 too.
 */
export function publicAddress(address: string, hostHeader: string | undefined): string {
  const url = new URL(address);
  const asked = URL.canParse(`http://${hostHeader}`) ? new URL(`http://${hostHeader}`).hostname : "";
  if (isLoopback(url.hostname) && PLAIN_HOST.test(asked)) url.hostname = asked;
  return url.href.replace(/\/$/, "");
}

/** The same origin for fetch and for a WebSocket, as sources of a Content-Security-Policy. */
export function originsOf(address: string): readonly string[] {
  const { protocol, host } = new URL(address);
  const secure = protocol === "https:" || protocol === "wss:";
  return secure ? [`https://${host}`, `wss://${host}`] : [`http://${host}`, `ws://${host}`];
}
