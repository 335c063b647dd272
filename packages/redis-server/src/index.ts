export { endWithUs } from "./end-with-us.ts";
export { findRedisBinary } from "./find-binary.ts";
export { freePort } from "./free-port.ts";
export { PrivateRedis, type PrivateRedisOptions, type RedisServerSource } from "./private-redis.ts";
