import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a token allows: `read` labels and pictures, `push` frames, `operate` (arm, teach, reload). */
export const SCOPES = ["read", "push", "operate"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Who may do what. Without tokens everybody who reaches the port may do everything, which is why a service
 * without tokens listens on loopback only.
 */
export class Access {
  readonly #digests: ReadonlyMap<Scope, readonly Buffer[]>;

  private constructor(digests: ReadonlyMap<Scope, readonly Buffer[]>) {
    this.#digests = digests;
  }

  /** Parses `scope:token,scope:token`. Scopes may repeat. @throws Error that names the entry's place, not its value. */
  static parse(text: string | undefined): Access {
    const digests = new Map<Scope, Buffer[]>();
    const entries = (text ?? "").split(",").filter((entry) => entry.trim() !== "");
    for (const [index, entry] of entries.entries()) {
      const [scope = "", token = ""] = entry.trim().split(/:(.*)/s);
      const known = SCOPES.find((name) => name === scope);
      if (!known || token.length < 16) {
        throw new Error(
          `entry ${index + 1} of the access tokens must be SCOPE:TOKEN with a scope of ${SCOPES.join(", ")} and at least 16 characters`,
        );
      }
      digests.set(known, [...(digests.get(known) ?? []), digest(token)]);
    }
    return new Access(digests);
  }

  get required(): boolean {
    return this.#digests.size > 0;
  }

  /**
   * Why a request is refused, or undefined where it is welcome. The token is taken from the Authorization header, else
   * from the query's `access_token` (a browser's WebSocket has no headers).
   *
   * Also refuses web pages from elsewhere: a site that the operator has open must not read the stage or push pictures.
   * Other programs send no Origin. Without tokens the Host must be a loopback name too, or a foreign name that was
   * pointed at this machine (DNS rebinding) would pass as its own.
   */
  refuses(scope: Scope, request: Pick<IncomingMessage, "headers" | "url">): Refusal | undefined {
    const host = hostnameOf(`http://${request.headers.host ?? ""}`);
    const origin = request.headers.origin;
    if (
      origin !== undefined &&
      !isLoopback(hostnameOf(origin)) &&
      !(this.required && hostnameOf(origin) === host)
    ) {
      return { status: 403, message: "this page's address is not allowed to talk to Followspot" };
    }
    if (!this.required) {
      return isLoopback(host)
        ? undefined
        : {
            status: 403,
            message: "without access tokens only this machine may connect; see FOLLOWSPOT_TOKENS",
          };
    }
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const given = bearer ?? new URLSearchParams(request.url?.split("?")[1] ?? "").get("access_token");
    if (!given) return { status: 401, message: `an access token with the scope ${scope} is needed` };
    const wanted = digest(given);
    // Digests have one length, so the comparison tells nothing about the token.
    const known = (this.#digests.get(scope) ?? []).some((digested) => timingSafeEqual(digested, wanted));
    return known ? undefined : { status: 403, message: `this access token does not have the scope ${scope}` };
  }
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    hostname === "::1" ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
