// npm test [-- PATTERN...]: set-up, then every check. With patterns, only the tests of the files that match them.
import { join } from "node:path";
import { bootstrap, handOver, root } from "./bootstrap.mjs";

handOver(bootstrap(), [join(root, "test/run-checks.ts"), ...process.argv.slice(2)]);
