// Generates packages/schema/src/gen from proto/. `--into DIR` writes elsewhere (the test that compares does so).
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = process.argv.indexOf("--into");
const into = at > 0 ? resolve(process.argv[at + 1]) : join(root, "packages/schema/src/gen");
const bin = join(root, "node_modules/.bin");

// buf resolves `out` against the working directory: a template with an absolute one serves both uses.
const scratch = mkdtempSync(join(tmpdir(), "followspot-generate-"));
try {
  const template = readFileSync(join(root, "proto/buf.gen.yaml"), "utf8")
    .replace(/out: .*/, `out: ${JSON.stringify(into)}`)
    .replace("local: protoc-gen-es", `local: ${JSON.stringify(join(bin, "protoc-gen-es"))}`);
  writeFileSync(join(scratch, "buf.gen.yaml"), template);
  rmSync(into, { recursive: true, force: true });
  execFileSync(join(bin, "buf"), ["generate", "--template", join(scratch, "buf.gen.yaml")], {
    cwd: join(root, "proto"),
    stdio: "inherit",
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
