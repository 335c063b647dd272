export { Access, isLoopback, type Refusal, SCOPES, type Scope } from "./access.ts";
export { type Closable, Closer } from "./closer.ts";
export { DeadlineExceeded, rejectAfter, withDeadline } from "./deadline.ts";
export { ConfigError, envPart, readEnv } from "./env.ts";
export {
  Health,
  type HealthAnswer,
  type HealthCheck,
  type HealthReport,
  ProgressWatchdog,
} from "./health.ts";
export { answerHealth, HealthServer } from "./health-server.ts";
export { listen } from "./listen.ts";
export { createLogger, type Logger } from "./log.ts";
export { describeMachine, type Machine } from "./machine.ts";
export { Metrics } from "./metrics.ts";
export { type Body, discardBody, readBody } from "./read-body.ts";
export { redactUrls } from "./redact.ts";
export { type NowMs, RedisClock } from "./redis-clock.ts";
export {
  logOutages,
  RedisConnection,
  type RedisPatience,
  type RedisSettings,
  redisOptions,
  redisRetryDelayMs,
} from "./redis-connection.ts";
export { runService, type ServiceContext } from "./run-service.ts";
export { announceSystem, findSystem, type RunningSystem } from "./running-system.ts";
export { LAST_PUBLISHED, showKey, showKeyPrefix } from "./show-keys.ts";
export { StatusBoard } from "./status-board.ts";
