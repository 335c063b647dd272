import { createLogger, type Logger } from "@followspot/runtime";

/** A logger that says nothing, for tests that provoke failures on purpose. */
export function silentLog(): Logger {
  const log = createLogger("test");
  log.level = "silent";
  return log;
}
