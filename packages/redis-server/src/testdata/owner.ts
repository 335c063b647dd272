import { PrivateRedis } from "../private-redis.ts";

// Starts a server, says its process id, and waits to be killed.
const server = await PrivateRedis.start();
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 1_000);
