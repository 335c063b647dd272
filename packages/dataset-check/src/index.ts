export { type LabelCount } from "./check-balance.ts";
export { checkDataset, type CheckOptions, type CheckSummary, type DatasetCheck } from "./check-dataset.ts";
export { type CheckReportOptions, renderCheck, verdictOf } from "./check-report.ts";
export { CHECKS, type CheckName, type Finding, SEVERITIES, type Severity } from "./finding.ts";
export { proposeSplit, type SplitMember, splitMembers, type SplitOptions } from "./propose-split.ts";
export { unitsOf } from "./split-units.ts";
export { type DatasetSplit, splitDataset, type SplitPicture, type SplitSide } from "./split-dataset.ts";
export {
  compareVersions,
  manifestFile,
  readManifest,
  type VersionChanges,
  writeManifest,
} from "./version-manifest.ts";
