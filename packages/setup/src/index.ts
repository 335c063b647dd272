export { findContainerEngine } from "./container-engine.ts";
export { adviceFor, ensureTool, type ToolResult } from "./ensure-tool.ts";
export { findOnPath } from "./find-on-path.ts";
export { ensureRedisServer } from "./redis-source.ts";
export { CHROMIUM, FFMPEG, REDIS, type SystemTool } from "./system-tool.ts";
