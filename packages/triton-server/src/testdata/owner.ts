// Starts a server, says its process number, and waits to be killed.
import { ensurePython } from "../ensure-python.ts";
import { STAND_IN_MODELS } from "../stand-in-models.ts";
import { TritonServer } from "../triton-server.ts";

const stub = await ensurePython("server", () => {});
const server = await TritonServer.start({ repositories: [STAND_IN_MODELS], models: ["scores"], stub });
process.stdout.write(`${server.pid}\n`);
setInterval(() => {}, 60_000);
