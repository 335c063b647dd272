export { redisForTests, withoutRedis } from "./redis-for-tests.ts";
export { silentLog } from "./silent-log.ts";
export { until } from "./until.ts";
