// npm start [-- OPTIONS]: the whole system on this machine, playing the sample show. Options are those of `followspot up`.
import { join } from "node:path";
import { bootstrap, handOver, root } from "./bootstrap.mjs";

handOver(bootstrap(), [join(root, "packages/cli/src/main.ts"), "up", ...process.argv.slice(2)]);
