import { join } from "node:path";

/**
 * A model repository that needs no weights: `scores` and `scores_batched` speak the scores contract, `vllm` and
 * `vllm_slow` the vLLM backend's tensors. None of them looks at the picture.
 */
export const STAND_IN_MODELS: string = join(import.meta.dirname, "../testdata/models");
