import type { CastMember } from "@followspot/domain";

/** Who and what can be on the sample show's stage. The id is the label. */
export const CAST: readonly CastMember[] = [
  {
    id: "red",
    kind: "character",
    name: "Little Red Riding Hood",
    aliases: ["Little Red", "Red Riding Hood", "the girl in the red hood"],
    description:
      "A small girl puppet in a hooded cape of red felt, with a blue dress, a blue gingham apron, two brown braids and striped stockings.",
  },
  {
    id: "wolf",
    kind: "character",
    name: "The Wolf",
    aliases: ["Wolf", "the big bad wolf"],
    description:
      "A tall wolf of grey fur with pointed ears, yellow eyes, a toothy grin, a bushy tail and a purple waistcoat with a green patch. Later he wears the grandmother's nightcap and gown.",
  },
  {
    id: "grandmother",
    kind: "character",
    name: "Grandmother",
    aliases: ["Granny", "Grandma", "the old woman"],
    description:
      "An old woman with grey curls, round golden glasses, a white frilled nightcap, a lilac striped nightgown and a pink knitted shawl.",
  },
  {
    id: "mother",
    kind: "character",
    name: "Mother",
    aliases: ["Mum", "the mother"],
    description:
      "A woman with blonde hair in a bun under an ochre dotted headscarf, a teal dotted dress and a cream apron with a yellow pocket.",
  },
  {
    id: "woodcutter",
    kind: "character",
    name: "The Woodcutter",
    aliases: ["Woodcutter", "the huntsman", "the lumberjack"],
    description:
      "A broad man with a ginger beard, a green felt hat with a red feather, a mustard and brown plaid shirt, braces and black boots.",
  },
  {
    id: "bird",
    kind: "character",
    name: "The Bluebird",
    aliases: ["Bluebird", "the bird"],
    description: "A round bluebird with an orange breast, a yellow beak and dark blue wings, on a long rod.",
  },
  {
    id: "basket",
    kind: "prop",
    name: "Basket",
    aliases: ["wicker basket", "picnic basket"],
    description: "A woven wicker basket with a high handle and a red and white gingham cloth over its rim.",
  },
  {
    id: "axe",
    kind: "prop",
    name: "Axe",
    aliases: ["hatchet"],
    description: "An axe with a curved pale wooden handle, a red band and a broad steel head.",
  },
  {
    id: "lantern",
    kind: "prop",
    name: "Lantern",
    aliases: ["lamp", "storm lantern"],
    description: "A black iron lantern with a ring on top and glowing yellow panes.",
  },
  {
    id: "flowers",
    kind: "prop",
    name: "Flowers",
    aliases: ["bunch of flowers", "bouquet"],
    description: "A bunch of white, pink, violet and yellow felt flowers tied with a white ribbon.",
  },
  {
    id: "cake",
    kind: "prop",
    name: "Cake",
    aliases: ["chocolate cake"],
    description:
      "A chocolate cake of two tiers with running pink icing and a cherry, on a plate with a blue rim.",
  },
  {
    id: "bottle",
    kind: "prop",
    name: "Bottle",
    aliases: ["wine bottle", "bottle of wine"],
    description: "A dark green glass bottle with a cork and a cream label that shows purple grapes.",
  },
  {
    id: "bed",
    kind: "prop",
    name: "Bed",
    aliases: ["grandmother's bed"],
    description: "A wooden bed with a heart on its headboard, a white pillow and a patchwork quilt.",
  },
];
