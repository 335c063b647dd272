import { cpus, release, totalmem, type } from "node:os";

/** What figures were measured on. No host name: reports are shared. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e8) / 10,
    os: `${type()} ${release()} ${process.arch}`,
  };
}
