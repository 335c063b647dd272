import type { Show } from "@followspot/show";
import type { ShowDocument } from "../page/show-document.ts";

/** The part of a show that a page may know: no folder, no camera address (it may hold a password). */
export function describeShow(
  show: Show,
  addresses: Pick<ShowDocument, "resultsUrl" | "ingestUrl">,
): ShowDocument {
  const { enterScore, exitScore, darkBelow, blindAfterMs } = show.presence;
  return {
    id: show.id,
    name: show.name,
    cast: show.cast.map(({ id, kind, name }) => ({ id, kind, name })),
    cameras: show.cameras.map(({ id, source, fps, width }) => ({
      id,
      takesPushes: source.kind === "push",
      fps,
      width,
    })),
    presence: { enterScore, exitScore, darkBelow, blindAfterMs },
    ...addresses,
  };
}
