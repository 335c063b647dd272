export { type Flag, flagText, needsConfirmation } from "./checks/check-caption.ts";
export { CHAT_TEMPLATES, type ChatTemplate } from "./chat/chat-template.ts";
export {
  applyDecisions,
  type AppliedDecisions,
  decisionLine,
  parseDecisions,
} from "./desk/apply-decisions.ts";
export { CaptionDesk, type Decided, type DraftCounts, type OpenDraft } from "./desk/caption-desk.ts";
export { type CaptionRoom, openRoom } from "./desk/caption-room.ts";
export { draftCaptions, type DraftReport, WANTED, type Wanted } from "./desk/draft-captions.ts";
export { reviewInTerminal, type ReviewTally, type ReviewTerminal } from "./desk/terminal-review.ts";
export { openWriter, parseWriterPlace, type WriterPlace } from "./models/open-writer.ts";
export type { WritingModel } from "./models/writing-model.ts";
export { planPrompts, type PromptPlan } from "./prompts/plan-prompts.ts";
export { readBible } from "./prompts/bible.ts";
export { CaptionServer } from "./page/caption-server.ts";
