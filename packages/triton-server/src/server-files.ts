import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { PythonEnvironment } from "./ensure-python.ts";

const PYTRITON = "pytriton/tritonserver";

/** What a tritonserver is started with: the wheel's files, put together as the server wants them. */
export interface ServerFiles {
  readonly binary: string;
  readonly backends: string;
  /** Folders for LD_LIBRARY_PATH, in this order. */
  readonly libraries: readonly string[];
}

/**
 * Puts the Python backend for `stub`, the environment that the models run in, into `dir`. The wheel's backend folder
 * has no stub, since PyTriton starts none.
 */
export async function layOutServer(
  server: PythonEnvironment,
  {
    stub,
    dir,
    backends: others = {},
  }: { stub: PythonEnvironment; dir: string; backends?: Readonly<Record<string, string>> | undefined },
): Promise<ServerFiles> {
  const wheel = join(server.sitePackages, PYTRITON);
  const backends = join(dir, "backends");
  const python = join(backends, "python");
  await mkdir(python, { recursive: true });
  for (const file of await readdir(join(wheel, "backends/python"), { withFileTypes: true })) {
    if (file.isFile()) await copyFile(join(wheel, "backends/python", file.name), join(python, file.name));
  }
  for (const [name, folder] of Object.entries(others)) await symlink(resolve(folder), join(backends, name));
  const binary = "triton_python_backend_stub";
  await copyFile(join(wheel, "python_backend_stubs", stub.version, binary), join(python, binary));
  // The interpreter's own library and nothing else from its folder. Another build of the same version, which the
  // stub would find elsewhere, lacks symbols that the interpreter's modules want.
  const own = join(dir, "lib");
  await mkdir(own, { recursive: true });
  await symlink(stub.library, join(own, basename(stub.library)));
  return {
    binary: join(wheel, "bin/tritonserver"),
    backends,
    libraries: [own, join(server.sitePackages, "nvidia_pytriton.libs")],
  };
}
