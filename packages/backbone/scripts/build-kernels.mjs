// Compiles assembly/kernels.ts to src/kernels.wasm. `--into FILE` writes elsewhere (the test that compares does so).
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const home = fileURLToPath(new URL("..", import.meta.url));
const at = process.argv.indexOf("--into");
const into = at > 0 ? resolve(process.argv[at + 1]) : join(home, "src/kernels.wasm");

let binary;
const { error } = await asc.main(
  [
    "assembly/kernels.ts",
    "--baseDir",
    home,
    "--outFile",
    "kernels.wasm",
    "--runtime=stub",
    "--noAssert",
    "-O3",
    "--enable=simd",
    "--initialMemory=1",
    // Up to 320 MB: the network of a file is refused where it needs more.
    "--maximumMemory=5120",
  ],
  {
    writeFile: (name, content) => {
      if (name === "kernels.wasm") binary = content;
    },
    stderr: process.stderr,
  },
);
if (error) throw error;
writeFileSync(into, binary);
