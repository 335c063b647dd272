import type { CastMember } from "@followspot/domain";
import type { ShowKnowledge } from "../prompts/show-text.ts";

const member = (
  id: string,
  kind: CastMember["kind"],
  [name = id, ...aliases]: readonly string[],
  description: string,
): CastMember => ({ id, kind, name, aliases, description });

/**
 * The show of the exam: part of the sample show's cast, written down here so that the exam stays the same whatever
 * becomes of that folder.
 */
export const EXAM_SHOW: ShowKnowledge = {
  name: "Little Red Riding Hood",
  cast: [
    member(
      "red",
      "character",
      ["Little Red Riding Hood", "Little Red", "Red Riding Hood", "the girl in the red hood"],
      "A small girl puppet in a hooded cape of red felt, with a blue dress, a blue gingham apron, two brown braids and striped stockings.",
    ),
    member(
      "wolf",
      "character",
      ["The Wolf", "Wolf", "the big bad wolf"],
      "A tall wolf of grey fur with pointed ears, yellow eyes, a toothy grin, a bushy tail and a purple waistcoat with a green patch.",
    ),
    member(
      "grandmother",
      "character",
      ["Grandmother", "Granny", "Grandma", "the old woman"],
      "An old woman with grey curls, round golden glasses, a white frilled nightcap, a lilac striped nightgown and a pink knitted shawl.",
    ),
    member(
      "woodcutter",
      "character",
      ["The Woodcutter", "Woodcutter", "the huntsman", "the lumberjack"],
      "A broad man with a ginger beard, a green felt hat with a red feather, a mustard and brown plaid shirt, braces and black boots.",
    ),
    member(
      "bird",
      "character",
      ["The Bluebird", "Bluebird", "the bird"],
      "A round bluebird with an orange breast, a yellow beak and dark blue wings, on a long rod.",
    ),
    member(
      "basket",
      "prop",
      ["Basket", "wicker basket", "picnic basket"],
      "A woven wicker basket with a high handle and a red and white gingham cloth over its rim.",
    ),
    member(
      "axe",
      "prop",
      ["Axe", "hatchet"],
      "An axe with a curved pale wooden handle, a red band and a broad steel head.",
    ),
    member(
      "lantern",
      "prop",
      ["Lantern", "lamp", "storm lantern"],
      "A black iron lantern with a ring on top and glowing yellow panes.",
    ),
    member(
      "cake",
      "prop",
      ["Cake", "chocolate cake"],
      "A chocolate cake of two tiers with running pink icing and a cherry, on a plate with a blue rim.",
    ),
  ],
  scenes: [
    {
      id: "forest",
      name: "In the forest",
      cast: ["bird", "red", "basket", "wolf", "woodcutter", "lantern", "axe"],
    },
    { id: "rescue", name: "The woodcutter", cast: ["wolf", "woodcutter", "axe", "grandmother", "red"] },
  ],
  rules: [],
};
