/** The requests that all clients send, made the same way by each. */
export interface LoadRequest {
  /** `127.0.0.1:port` */
  readonly target: string;
  readonly model: string;
  readonly batched: boolean;
  readonly jpeg: Buffer;
  readonly labels: readonly string[];
}

/** What one client did in one round at one concurrency. */
export interface LoadResult {
  readonly inferencesPerSecond: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerInference?: number;
}

/** A client under load, in a process of its own. */
export interface LoadClient {
  run(concurrency: number, seconds: number): Promise<LoadResult>;
  close(): Promise<void>;
}
