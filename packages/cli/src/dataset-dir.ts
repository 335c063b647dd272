import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { showDir } from "./project.ts";

export interface DatasetPlace {
  /** The data set's folder. */
  readonly dataset?: string;
  readonly show?: string;
}

/** The data set to work on: the one named, else that of the show. */
export function datasetDir({ dataset, show }: DatasetPlace): string {
  return dataset === undefined ? join(showDir(show), "dataset") : resolve(dataset);
}

/** The show that a data set belongs to: the one named, else the folder around it where that is one. */
export function showOfDataset(place: DatasetPlace): string | undefined {
  if (place.show !== undefined || place.dataset === undefined) return showDir(place.show);
  const around = dirname(resolve(place.dataset));
  return existsSync(join(around, "show.yaml")) ? around : undefined;
}
