import { after, type TestContext } from "node:test";
import { UserError } from "@followspot/domain";
import {
  ensurePython,
  type PythonEnvironment,
  type PythonKind,
  TritonServer,
  type TritonServerOptions,
  unavailableReason,
} from "@followspot/triton-server";

/** Set by `npm run test:triton`; CI runs the tests that need torch anyway. */
const TORCH_TESTS = "FOLLOWSPOT_TORCH_TESTS";

export type PythonForTests =
  | { readonly skip: false; readonly python: PythonEnvironment }
  /** Why the tests that need it are skipped: what to pass as `skip`. */
  | { readonly skip: string; readonly python?: undefined };

/**
 * The Python environment for the tests of a file, installed where it is missing (which takes seconds for "server", and
 * 5.4 GB for "torch"). @throws in CI, where a missing environment is a failure
 */
export async function pythonForTests(kind: PythonKind): Promise<PythonForTests> {
  const inCi = Boolean(process.env.CI);
  if (kind === "torch" && !inCi && process.env[TORCH_TESTS] !== "1") {
    return { skip: "needs torch (5.4 GB): npm run test:triton installs it and runs this" };
  }
  const reason = unavailableReason();
  if (reason && !inCi) return { skip: reason };
  try {
    const python = await ensurePython(kind, (line) => void process.stderr.write(`${line}\n`));
    return { skip: false, python };
  } catch (error) {
    if (inCi || !(error instanceof UserError)) throw error;
    return { skip: error.message };
  }
}

/** A real tritonserver for one test, or (at the top of a file, without a context) for the whole test file. */
export async function tritonForTests(
  options: TritonServerOptions,
  context?: Pick<TestContext, "after">,
): Promise<TritonServer> {
  const server = await TritonServer.start(options);
  if (context) context.after(() => server.close());
  else after(() => server.close());
  return server;
}
