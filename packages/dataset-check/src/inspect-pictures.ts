import type { DatasetPicture } from "@followspot/dataset";
import type { Finding } from "./finding.ts";
import { type Inspected, inspectPicture } from "./inspect-picture.ts";

export interface InspectOptions {
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Pictures that are looked at twice, to learn how alike two crops of one shot are. */
const SHIFTED = 60;

/** Looks at one picture after the other; what cannot be decoded is a finding, and missing from the list. */
export async function inspectPictures(
  entries: readonly DatasetPicture[],
  { onProgress = () => {}, signal }: InspectOptions = {},
): Promise<{ readonly pictures: readonly Inspected[]; readonly findings: readonly Finding[] }> {
  const pictures: Inspected[] = [];
  const findings: Finding[] = [];
  const every = Math.max(1, Math.ceil(entries.length / SHIFTED));
  for (const [index, entry] of entries.entries()) {
    signal?.throwIfAborted();
    const looked = await inspectPicture(entry, { shift: index % every === 0 });
    findings.push(...looked.findings);
    if (looked.inspected) pictures.push(looked.inspected);
    onProgress((index + 1) / entries.length);
  }
  return { pictures, findings };
}
