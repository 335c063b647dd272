import { join } from "node:path";
import { pytestSuite } from "./pytest-suite.ts";
import { pythonForTests } from "./triton-for-tests.ts";

const PYTHON = join(import.meta.dirname, "../../../deploy/triton/python");

pytestSuite("the scores server, in Python", { environment: await pythonForTests("torch"), cwd: PYTHON });
