export { checkPython } from "./check-python.ts";
export { ensurePython, isPythonInstalled, type PythonEnvironment, type PythonKind } from "./ensure-python.ts";
export { type Platform, thisPlatform, unavailableReason } from "./platform.ts";
export { TritonServer, type TritonServerOptions } from "./triton-server.ts";
