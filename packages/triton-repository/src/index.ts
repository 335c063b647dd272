export { type Card, cardsHere } from "./card.ts";
export { type Fit, gb } from "./check-memory.ts";
export { type CheckOptions, checkRepository, type RepositoryCheck } from "./check-repository.ts";
export { type Container, CONTAINERS, containerOf } from "./containers.ts";
export { fillChat } from "./fill-chat.ts";
export type { Finding } from "./finding.ts";
export { formatModelConfig, type ModelConfig, parseModelConfig } from "./model-config.ts";
export { type ChatForm, listProfiles, type Profile, readProfile } from "./profile.ts";
export { type Rendered, type RenderOptions, renderModel } from "./render.ts";
