export type { CallOptions } from "./call.ts";
export { parseServerAddress, type ServerAddress, type TlsOptions } from "./channel.ts";
export { toGrpcMethod, toGrpcService } from "./grpc-service.ts";
export {
  boolParameter,
  bytesTensor,
  type InferRequestParts,
  type InputTensor,
  inferRequest,
  outputTensor,
  type RawContents,
  stringParameter,
} from "./infer-messages.ts";
export { INFERENCE_ERROR_REASONS, InferenceError, type InferenceErrorReason } from "./inference-error.ts";
export { detectContract, type ModelContract } from "./model-contract.ts";
export { identityOf, type ModelIdentity } from "./model-identity.ts";
export {
  type FoundModel,
  type ModelReport,
  type ModelSource,
  type ModelState,
  ModelWatch,
} from "./model-watch.ts";
export { describeReload, type Reloaded, type ReloadOptions, reloadUnderstudies } from "./reload-model.ts";
export {
  type LabelScore,
  type PixelBox,
  parseScores,
  type ScoresAnswer,
  type ScoresAnswerOptions,
} from "./scores-answer.ts";
export { type Recognition, ScoresRecognizer, type ScoresRecognizerOptions } from "./scores-recognizer.ts";
export {
  type ScoresQuestion,
  type ScoresRequestOptions,
  scoresParts,
  scoresRequest,
} from "./scores-request.ts";
export { SCORES_INPUTS, SCORES_OUTPUTS, type TensorSignature } from "./scores-signature.ts";
export {
  decodeBool,
  decodeBytes,
  decodeFp32,
  decodeInt64,
  decodeStrings,
  elementsOf,
  encodeBool,
  encodeBytes,
  encodeFp32,
  encodeInt64,
} from "./tensor-codec.ts";
export { type ControlOptions, TritonClient, type TritonOptions } from "./triton-client.ts";
