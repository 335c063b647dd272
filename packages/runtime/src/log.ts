import { pino } from "pino";
import { redactUrls } from "./redact.ts";

export type { Logger } from "pino";

/**
 * JSON lines on standard error, so that a command's standard output stays its own.
 * Messages are constant and lower-case; facts are fields. Credentials in URLs are removed, wherever they stand.
 */
export function createLogger(service: string) {
  return pino(
    {
      level: process.env.LOG_LEVEL ?? "info",
      base: { service, pid: process.pid },
      serializers: { err: (error: unknown) => redactError(pino.stdSerializers.err(error as Error)) },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

function redactError(error: unknown): unknown {
  if (typeof error === "string") return redactUrls(error);
  if (Array.isArray(error)) return error.map(redactError);
  if (typeof error !== "object" || error === null) return error;
  return Object.fromEntries(Object.entries(error).map(([key, value]) => [key, redactError(value)]));
}
