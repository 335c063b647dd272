export { CameraStatusBoard } from "./camera-status-board.ts";
export { FrameConsumer, type FrameConsumerOptions, type FrameHandler } from "./frame-consumer.ts";
export { FRAME_DROP_REASONS, FrameDropped, type FrameDropReason } from "./frame-dropped.ts";
export { FramePublisher, type FramePublisherOptions, MAX_FRAME_BYTES } from "./frame-publisher.ts";
export { FrameReader } from "./frame-reader.ts";
export { FRAME_KEEP_MS } from "./keys.ts";
export { TOKEN_DROP_REASONS, type TokenDropReason } from "./token-drop.ts";
