import { InferenceError, type TritonClient } from "@followspot/triton";

/** What a model server says about itself; undefined is "it does not say". */
export interface ServerCard {
  /** Name and version of the server's program. */
  readonly program: string | undefined;
  /** Memory of the model as the server counts it, all devices together. */
  readonly memoryBytes: number | undefined;
}

/** Asks; a server that does not answer such questions is no mistake. */
export async function askServerCard(client: TritonClient, model: string): Promise<ServerCard> {
  const [metadata, statistics] = await Promise.all([
    client.serverMetadata().catch(nothing),
    client.statistics(model).catch(nothing),
  ]);
  const usage = statistics?.modelStats.flatMap(({ memoryUsage }) => memoryUsage) ?? [];
  const bytes = usage.reduce((sum, { byteSize }) => sum + Number(byteSize), 0);
  const program = metadata && [metadata.name, metadata.version].filter((word) => word !== "").join(" ");
  return { program: program || undefined, memoryBytes: bytes > 0 ? bytes : undefined };
}

function nothing(error: unknown): undefined {
  if (error instanceof InferenceError) return undefined;
  throw error;
}
