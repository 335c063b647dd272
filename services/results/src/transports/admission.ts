import type { IncomingMessage } from "node:http";
import type { Access } from "@followspot/runtime";
import type { Outlet, Subscriber } from "../fan-out/subscriber.ts";
import type { RefusalReason } from "../fan-out/drops.ts";
import type { Hub } from "../fan-out/hub.ts";

export interface AdmissionDeps {
  readonly hub: Hub;
  readonly access: Access;
  readonly maxSubscribers: number;
  readonly onRefused: (reason: RefusalReason) => void;
  readonly onResumed: (outcome: "resumed" | "snapshot") => void;
}

export interface Denial {
  readonly status: number;
  readonly message: string;
}

/** Decides who becomes a subscriber, the same for every transport. */
export class Admission {
  readonly #deps: AdmissionDeps;
  /** Connections that are let in but have not said hello yet count too. */
  #connections = 0;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  /** Why a connection is not let in; undefined where it is, then `leave` must follow. */
  enter(request: IncomingMessage): Denial | undefined {
    const { access, maxSubscribers } = this.#deps;
    const refusal = access.refuses("read", request);
    if (refusal) {
      this.refused("no-access");
      return refusal;
    }
    if (this.#connections >= maxSubscribers) {
      this.refused("too-many");
      return { status: 503, message: `there are ${maxSubscribers} subscribers already: try again later` };
    }
    this.#connections += 1;
    return undefined;
  }

  /** The connection becomes a subscriber. */
  subscribe(
    outlet: Outlet,
    options: {
      readonly observations: boolean;
      readonly resume: { epoch: string; sequence: number } | undefined;
    },
  ): Subscriber {
    const subscriber = this.#deps.hub.join(outlet, options);
    subscriber.start(options.resume).then(this.#deps.onResumed, () => subscriber.end("stopping"));
    return subscriber;
  }

  leave(subscriber: Subscriber | undefined): void {
    this.#connections -= 1;
    if (subscriber) this.#deps.hub.leave(subscriber);
  }

  refused(reason: RefusalReason): void {
    this.#deps.onRefused(reason);
  }
}
