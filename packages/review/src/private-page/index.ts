export type { PageFiles } from "./page-files.ts";
export {
  type PageAnswer,
  type PageRequest,
  PrivatePage,
  type PrivatePageOptions,
} from "./private-page.ts";
