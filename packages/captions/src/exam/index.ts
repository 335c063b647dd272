export { EXAM_SHOW } from "./exam-show.ts";
export { scoreTidying, TIDY_CRITERIA, type TidyCriterion, type TidyScore } from "./score-tidying.ts";
export { takeTidyExam, type TidyExamOptions, type TidyExamResult } from "./take-tidy-exam.ts";
export { TIDY_TASKS, type TidyTask } from "./tidy-tasks.ts";
export {
  openWriter,
  type OpenWriterOptions,
  parseWriterPlace,
  type WriterPlace,
} from "../models/open-writer.ts";
export type { WritingModel, WritingQuestion } from "../models/writing-model.ts";
