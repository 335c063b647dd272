export { MISBEHAVIOURS, type Misbehaviour } from "./misbehaviour.ts";
export type { ScriptedScores } from "./responses.ts";
export { ScriptedModel, type ScriptedModelOptions, type ScriptedModelState } from "./scripted-model.ts";
export type { ScriptedRequest } from "./scripted-request.ts";
export { ScriptedTriton, type ScriptedTritonOptions } from "./scripted-triton.ts";
export type { ScriptedPart } from "./text-outputs.ts";
