export { llamaForTests, type LlamaOptions, type LlamaServer } from "./llama-for-tests.ts";
export { pytestSuite } from "./pytest-suite.ts";
export { redisForTests, withoutRedis } from "./redis-for-tests.ts";
export { silentLog } from "./silent-log.ts";
export { type QwenRepository, qwenRepository } from "./qwen-repository.ts";
export { QWEN_MODELS, tinyQwenForTests } from "./tiny-qwen-for-tests.ts";
export { type PythonForTests, pythonForTests, tritonForTests } from "./triton-for-tests.ts";
export { until } from "./until.ts";
