import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/**
 * Lets one browser in. The address that is printed carries a token that works once; the browser gets a cookie for it.
 * Whoever sees the address afterwards (in a terminal's history, over a shoulder) comes too late.
 */
export class Entrance {
  readonly #cookieName: string;
  #ticket: Buffer | undefined;
  readonly #ticketText = randomBytes(18).toString("base64url");
  readonly #session = randomBytes(24).toString("base64url");

  /** @param port makes the cookie's name: cookies do not know ports, and two reviews may run at once. */
  constructor(port: number) {
    this.#cookieName = `followspot-review-${port}`;
    this.#ticket = digest(this.#ticketText);
  }

  /** For the address. */
  get ticket(): string {
    return this.#ticketText;
  }

  /** The Set-Cookie header where the ticket is good; it is used up then. */
  redeem(ticket: string): string | undefined {
    if (!this.#ticket || !timingSafeEqual(this.#ticket, digest(ticket))) return undefined;
    this.#ticket = undefined;
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /**
   * Why a request is refused, or undefined where it is welcome. A foreign name that was pointed at this machine (DNS
   * rebinding) and a page of another origin are refused, whatever they carry.
   */
  refuses(
    { headers, method }: Pick<IncomingMessage, "headers" | "method">,
    port: number,
  ): Refusal | undefined {
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    const host = headers.host ?? "";
    if (!hosts.includes(host)) return { status: 403, message: "only this machine may open this page" };
    if (headers.origin !== undefined && headers.origin !== `http://${host}`) {
      return { status: 403, message: "a page of another address may not talk to this one" };
    }
    // A form of another page can post, but not as JSON.
    if (method === "POST" && headers["content-type"] !== "application/json") {
      return { status: 403, message: "answers come as application/json" };
    }
    const given = (headers.cookie ?? "")
      .split(";")
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${this.#cookieName}=`))
      ?.slice(this.#cookieName.length + 1);
    return given !== undefined && timingSafeEqual(digest(given), digest(this.#session))
      ? undefined
      : {
          status: 401,
          message:
            "this address has been used already, or is not the one that was printed: end the command in the terminal (Ctrl-C) and start it again",
        };
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
