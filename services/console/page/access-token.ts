const KEY = "followspot-token";

/**
 * The access token of this tab: from the address (`#token=...`), which it is then removed from so that it is not shown
 * on a screen or kept in the history; otherwise from an earlier load of the same tab.
 */
export function takeAccessToken(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return sessionStorage.getItem(KEY) ?? undefined;
  history.replaceState(null, "", location.pathname + location.search);
  sessionStorage.setItem(KEY, given);
  return given;
}

/** A browser's WebSocket has no headers, so the token goes into the query. */
export function withToken(url: URL, token: string | undefined): URL {
  if (token !== undefined) url.searchParams.set("access_token", token);
  return url;
}

/** The address of a WebSocket at `path` of a service. */
export function socketUrl(base: string, path: string, token: string | undefined): URL {
  const url = new URL(base.replace(/\/$/, "") + path);
  url.protocol = /^(?:https|wss):$/.test(url.protocol) ? "wss:" : "ws:";
  return withToken(url, token);
}
