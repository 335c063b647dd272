export { type ExportReport, type ExportRequest, exportDataset } from "./export/export-dataset.ts";
export { appendPictures, type PictureAddition } from "./append-pictures.ts";
export {
  type DatasetVersion,
  type DatasetVersionOptions,
  datasetVersion,
  type VersionLine,
  versionLine,
  versionOf,
} from "./dataset-version.ts";
export { bitCount, type DifferenceHash, differenceHash, hashDistance, wordsOf } from "./difference-hash.ts";
export {
  type Box,
  type LabelledBox,
  type PictureEntry,
  parseMetadataLine,
  SPLITS,
  type Split,
} from "./metadata-line.ts";
export { type DecodedPicture, decodePicture, type Picture } from "./picture.ts";
export { measureQuality, type PictureQuality } from "./picture-quality.ts";
export { isNearDuplicate, NEAR_HASH_BITS, type PictureTrace, tracePicture } from "./picture-trace.ts";
export { FULL_SIZE, hashPixels } from "./pixel-hash.ts";
export { type Dataset, type DatasetPicture, decodeDatasetPicture, readDataset } from "./read-dataset.ts";
export {
  type CaptionChange,
  type LineWritten,
  metadataLineHash,
  readMetadataLines,
  restoreLine,
  setCaptions,
  type SetCaptionsResult,
} from "./set-captions.ts";
export { scaleBox } from "./scale-box.ts";
export { setSplits } from "./set-splits.ts";
export { readBoxes } from "./formats/box-text.ts";
export { type Corners, cornersOf, toUnit } from "./formats/box-coordinates.ts";
export { unitOf, writeBoxes } from "./formats/box-text.ts";
export { BOX_STYLES, type BoxStyle, FORMATS, type Format } from "./formats/format-names.ts";
export {
  type PictureSize,
  type ResizeLimits,
  roundHalfEven,
  smartResize,
  tokensOf,
} from "./formats/smart-resize.ts";
export { DESCRIBE, NOBODY, WHO } from "./formats/questions.ts";
export type { SourceProblem } from "./formats/source-item.ts";
export {
  type ImportProgress,
  type ImportReport,
  type ImportRequest,
  importDataset,
} from "./import/import-dataset.ts";
