import { originsOf, publicAddress } from "./public-address.ts";

/** For every answer. A page of Followspot is never part of another page, and loads nothing from elsewhere. */
export const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(self), microphone=(), geolocation=()",
} as const;

/** The page's own scripts and its import map (by hash), nothing inline; connections to Followspot's services only. */
export function contentSecurityPolicy(options: {
  readonly importMapHash: string;
  readonly host: string | undefined;
  readonly addresses: readonly string[];
}): string {
  const own = publicAddress("http://127.0.0.1", options.host);
  const { hostname } = new URL(own);
  const port = /:(\d{1,5})$/.exec(options.host ?? "")?.[1];
  const ownHost = port ? `${hostname}:${port}` : hostname;
  // 'self' does not cover WebSockets in every browser that is still about.
  const connect = [`ws://${ownHost}`, `wss://${ownHost}`, ...options.addresses.flatMap(originsOf)];
  return [
    "default-src 'none'",
    `script-src 'self' '${options.importMapHash}'`,
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    `connect-src 'self' ${[...new Set(connect)].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
