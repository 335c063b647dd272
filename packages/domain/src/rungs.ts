/** The ladder of recognition, best first. What is in force is declared in every observation and heartbeat. */
export const RUNGS = ["qwen2-vl", "understudy", "hold", "manual"] as const;
export type Rung = (typeof RUNGS)[number];
