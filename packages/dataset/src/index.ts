export { type Box, type LabelledBox, type PictureEntry, parseMetadataLine } from "./metadata-line.ts";
export { type DecodedPicture, decodePicture, type Picture } from "./picture.ts";
export { type Dataset, type DatasetPicture, decodeDatasetPicture, readDataset } from "./read-dataset.ts";
