/** The understudy: a KServe v2 gRPC server, wire-compatible with Triton, that hosts the show's light recognizer. */
import { HealthServer, runService } from "@followspot/runtime";
import { readUnderstudyConfig } from "./config.ts";
import { KserveServer } from "./kserve-server.ts";
import { ModelRepository } from "./model-repository.ts";
import { CLOSING } from "./pool-thread.ts";
import { RecognizerPool } from "./recognizer-pool.ts";

await runService("understudy", async ({ closer, health, log, metrics }) => {
  const config = readUnderstudyConfig(process.env);
  const pool = closer.add("recognizer pool", new RecognizerPool({ ...config, log, metrics }));
  const repository = new ModelRepository({ modelsDir: config.modelsDir, pool, log });
  health.live("recognizer", pool.check);
  health.ready("model", repository.check);
  closer.add(
    "health server",
    await HealthServer.listen({ ...config, port: config.healthPort, health, metrics }),
  );
  // A folder without a model is no reason to stop: training may come later.
  await repository.load().catch((error: unknown) => {
    if (error !== CLOSING)
      log.warn({ problem: error instanceof Error ? error.message : String(error) }, "no model in force");
  });
  const server = closer.add(
    "kserve server",
    await KserveServer.listen({ ...config, repository, pool, metrics }),
  );
  log.info({ address: server.address, modelsDir: config.modelsDir }, "serving");
  return { finished: new Promise<void>(() => {}) };
});
