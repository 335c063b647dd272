import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseShow, readShow, type Show } from "@followspot/show";

/** Says nothing, but has every default. */
const NO_SHOW = "id: show\nname: Show\ncast: [{ id: nobody, kind: prop, name: Nobody }]\n";

/**
 * The show that a data set is of: what its cast looks like is told to a model that reads. Who is in the data set alone
 * is added by id; where there is no show at all, the labels are the cast.
 * @throws UserError where there is a show.yaml, and it is wrong
 */
export async function showOf(showDir: string, labels: readonly string[]): Promise<Show> {
  const file = join(showDir, "show.yaml");
  const found = await stat(file).catch(() => undefined);
  const unknownCast = (known: readonly string[]) =>
    labels
      .filter((label) => !known.includes(label))
      .map((id) => ({
        id,
        kind: "character" as const,
        name: id.replaceAll(/[_-]+/g, " "),
        aliases: [],
        description: "",
      }));
  if (found) {
    const show = await readShow(showDir);
    return { ...show, cast: [...show.cast, ...unknownCast(show.cast.map(({ id }) => id))] };
  }
  const made = parseShow(NO_SHOW, { dir: showDir, file });
  return { ...made, cast: unknownCast([]) };
}
