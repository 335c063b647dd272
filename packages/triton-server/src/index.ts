export { checkPython } from "./check-python.ts";
export {
  cacheDir,
  ensurePython,
  isPythonInstalled,
  type PythonEnvironment,
  type PythonKind,
} from "./ensure-python.ts";
export { withInstallLock } from "./install-lock.ts";
export { ensurePerfAnalyzer, type PerfAnalyzer } from "./perf-analyzer.ts";
export { type Platform, thisPlatform, unavailableReason } from "./platform.ts";
export { runTool, type ToolRun } from "./run-tool.ts";
export { STAND_IN_MODELS } from "./stand-in-models.ts";
export { TritonServer, type TritonServerOptions } from "./triton-server.ts";
