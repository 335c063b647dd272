export { CAST } from "./cast.ts";
export { DATASET_SEED, type DatasetLine, writeSampleDataset } from "./dataset/write-sample-dataset.ts";
