import type { DatasetPicture } from "@followspot/dataset";
import sharp, { type Metadata } from "sharp";
import { tellsPlace } from "./exif-place.ts";
import type { CheckName, Finding, Severity } from "./finding.ts";
import { isMpo, sniffPicture, typeOfName } from "./sniff-picture.ts";

/** What the file says about itself, before it is decoded. */
export async function checkFile(entry: DatasetPicture, bytes: Uint8Array): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (check: CheckName, severity: Severity, message: string) =>
    findings.push({ check, severity, message, pictures: [entry.fileName], place: entry.place });
  const type = sniffPicture(bytes);
  const named = typeOfName(entry.fileName);
  if (type && named !== type) {
    const said = named ? `its name says ${named.toUpperCase()}` : "its name does not say so";
    add("format", "warning", `the file is a ${type.toUpperCase()}, but ${said}: rename it`);
  }
  if (type === "jpeg" && isMpo(bytes)) {
    add("format", "note", "the file holds several pictures (MPO): the first one is used");
  }
  const metadata = await readMetadata(bytes);
  if (!metadata) return findings;
  if (metadata.space === "cmyk") {
    add(
      "format",
      "note",
      "the picture is made for print (CMYK): its colours are converted, and may look duller",
    );
  }
  if (metadata.depth && metadata.depth !== "uchar" && metadata.depth !== "char") {
    add("format", "note", "the picture has more than 8 bits a channel: the finer steps are not used");
  }
  if ((metadata.pages ?? 1) > 1) {
    const what = type === "tiff" ? "pages" : "frames";
    add(
      "format",
      "warning",
      `the picture has ${metadata.pages} ${what}: only the first one is used; save the others apart`,
    );
  }
  if ((metadata.orientation ?? 1) > 1) {
    add(
      "orientation",
      "warning",
      "the picture is turned by an EXIF tag, which other programs may overlook: `dataset import` turns the pixels",
    );
  }
  const xmp = metadata.xmp ? Buffer.from(metadata.xmp).toString("latin1") : "";
  if ((metadata.exif && tellsPlace(metadata.exif)) || /GPSLatitude|GPSLongitude/.test(xmp)) {
    add("place", "warning", "the file tells where it was taken (GPS): `dataset import` takes that out");
  }
  return findings;
}

/** Undefined where the file is no picture: decoding says why. */
async function readMetadata(bytes: Uint8Array): Promise<Metadata | undefined> {
  try {
    return await sharp(bytes, { limitInputPixels: false, failOn: "none" }).metadata();
  } catch {
    return undefined;
  }
}
