import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { PrivateRedis } from "@followspot/redis-server";
import { announceSystem, Closer, isLoopback } from "@followspot/runtime";
import { ensureRedisServer } from "@followspot/setup";
import type { Show } from "@followspot/show";
import { LogFiles, terminalLine } from "./log-files.ts";
import { type Ports, refuseTakenPorts } from "./ports.ts";
import { ServiceProcess } from "./service-process.ts";

export interface SystemOptions {
  readonly show: Show;
  readonly ports: Ports;
  readonly host: string;
  /** Whether frames worth a look are kept under recordings/review. */
  readonly keepFrames: boolean;
  /** Gets a line for the person at the terminal. */
  readonly say: (line: string) => void;
}

/** Where a started system is reached, with the access tokens in place where there are any. */
export interface Addresses {
  readonly console: string;
  readonly results: string;
  readonly ingest: string;
  readonly understudy: string;
}

/**
 * The whole system on one machine: a private Redis, and every service in a supervised process of its own. Started in
 * the order in which data flows, stopped the other way round, so that nothing outlives what it uses.
 */
export class System {
  readonly addresses: Addresses;
  /** Lets a subscriber of this machine in; undefined where no token is needed. */
  readonly readToken: string | undefined;
  readonly logDir: string;
  readonly #closer: Closer;
  readonly #services: readonly ServiceProcess[];

  private constructor(
    { addresses, readToken, logDir }: Pick<System, "addresses" | "readToken" | "logDir">,
    { closer, services }: { readonly closer: Closer; readonly services: readonly ServiceProcess[] },
  ) {
    this.addresses = addresses;
    this.readToken = readToken;
    this.logDir = logDir;
    this.#closer = closer;
    this.#services = services;
  }

  /** @throws UserError for taken ports, a missing Redis, or what a service finds wrong with the show. */
  static async start(options: SystemOptions, signal: AbortSignal): Promise<System> {
    const { show, ports, host, say } = options;
    const closer = new Closer();
    const services: ServiceProcess[] = [];
    try {
      await refuseTakenPorts(ports, host);
      const source = await ensureRedisServer(say);
      signal.throwIfAborted();
      const stateDir = join(show.dir, ".followspot");
      const logs = closer.add("log files", new LogFiles(join(stateDir, "logs")));
      say("starting Redis");
      const redis = closer.add(
        "Redis",
        await PrivateRedis.start({ source, port: ports.redis, dataDir: join(stateDir, "redis") }),
      );
      signal.throwIfAborted();
      const guarded = !isLoopback(host) || Boolean(process.env.FOLLOWSPOT_TOKENS);
      const tokens = guarded ? { read: newToken(), operate: newToken() } : undefined;
      const token = tokens?.read;
      const environments = serviceEnvironments(options, redis.url, tokens);
      say(`starting ${environments.map(([name]) => name).join(", ")}`);
      for (const [name, env] of environments) {
        services.push(
          closer.add(
            name,
            new ServiceProcess({
              name,
              env,
              onLog: (service, line) => {
                logs.write(service, line);
                const shown = terminalLine(service, line);
                if (shown) say(shown);
              },
              onRestart: (service, detail) => say(`${service} ${detail}`),
            }),
          ),
        );
      }
      await Promise.race([
        Promise.all(services.map((service) => service.started)),
        new Promise<never>((_resolve, reject) => {
          if (signal.aborted) reject(signal.reason as Error);
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        }),
      ]);
      const addresses = addressesOf(ports, host, token);
      closer.add(
        "notice of where everything is",
        await announceSystem(show.dir, {
          pid: process.pid,
          startedAt: new Date().toISOString(),
          redisUrl: redis.url,
          ...addresses,
          ...(tokens ? { token: tokens.read, operateToken: tokens.operate } : {}),
        }),
      );
      const facts = { addresses, readToken: token, logDir: logs.dir };
      return new System(facts, { closer, services });
    } catch (error) {
      for (const service of services) service.expectEnd();
      await closer.close();
      throw error;
    }
  }

  close(): Promise<void> {
    for (const service of this.#services) service.expectEnd();
    return this.#closer.close();
  }
}

function serviceEnvironments(
  { show, ports, host, keepFrames }: SystemOptions,
  redisUrl: string,
  tokens: Tokens | undefined,
): [name: string, env: Record<string, string>][] {
  const common: Record<string, string> = {
    REDIS_URL: redisUrl,
    FOLLOWSPOT_SHOW: show.dir,
    // Who is reached from the network asks for a token; one that a person has set stays in force.
    ...(tokens ? { FOLLOWSPOT_TOKENS: tokensFor(tokens) } : {}),
  };
  const understudy: [string, Record<string, string>] = [
    "understudy",
    {
      ...common,
      PORT: String(ports.understudy),
      HEALTH_PORT: String(ports.understudyHealth),
      MODEL_REPOSITORY: join(show.dir, "models"),
    },
  ];
  return [
    // Also beside a Triton: it answers in the very frame in which that one fails.
    ...(show.recognizer.ladder.includes("understudy") ? [understudy] : []),
    [
      "worker",
      {
        ...common,
        PORT: String(ports.workerHealth),
        UNDERSTUDY_URL: `grpc://127.0.0.1:${ports.understudy}`,
        // One that ends in the middle of the show and is started again answers as before.
        SHOW_STARTED_AT: new Date().toISOString(),
        ...(keepFrames ? { REVIEW_DIR: join(show.dir, "recordings/review") } : {}),
      },
    ],
    ["results", { ...common, HOST: host, PORT: String(ports.results) }],
    ["ingest", { ...common, HOST: host, PORT: String(ports.ingest) }],
    [
      "console",
      {
        ...common,
        HOST: host,
        PORT: String(ports.console),
        // Loopback stands for whatever name the browser used to reach the console.
        RESULTS_URL: `http://127.0.0.1:${ports.results}`,
        INGEST_URL: `http://127.0.0.1:${ports.ingest}`,
      },
    ],
  ];
}

/** The one for watching is in the console's address and goes round; the one for operating stays on this machine. */
interface Tokens {
  readonly read: string;
  readonly operate: string;
}

function newToken(): string {
  return randomBytes(18).toString("base64url");
}

function tokensFor({ read, operate }: Tokens): string {
  const own = process.env.FOLLOWSPOT_TOKENS;
  return [
    ...(own ? [own] : []),
    `read:${read}`,
    `push:${read}`,
    `read:${operate}`,
    `operate:${operate}`,
  ].join(",");
}

function addressesOf(ports: Ports, host: string, token: string | undefined): Addresses {
  const at = (port: number) => `http://${urlHost(reachable(host))}:${port}`;
  return {
    console: `${at(ports.console)}/${token ? `#token=${token}` : ""}`,
    results: at(ports.results),
    ingest: at(ports.ingest),
    understudy: `grpc://127.0.0.1:${ports.understudy}`,
  };
}

/** A wildcard is no address to type: shows the first one of this machine that others can reach. */
function reachable(host: string): string {
  if (host !== "0.0.0.0" && host !== "::") return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

/** An IPv6 address needs brackets in a URL. */
function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
