/** One caption to be tidied, with what a careful person would make of it. */
export interface TidyTask {
  readonly id: string;
  readonly caption: string;
  /** Ids that a person has framed; told to the model as they are in earnest. */
  readonly here: readonly string[];
  readonly who: readonly string[];
  /** Words that belong into this part, and into no other. */
  readonly identity: readonly string[];
  readonly state: readonly string[];
  readonly place: readonly string[];
  /** What somebody of the cast is called here, and must not be called afterwards. */
  readonly aliases: readonly string[];
  /** Names that are nobody's, and must be gone. */
  readonly planted: readonly string[];
}

type Parts = Pick<TidyTask, "identity" | "state" | "place"> &
  Partial<Pick<TidyTask, "who" | "aliases" | "planted">>;

const task = (id: string, here: readonly string[], caption: string, parts: Parts): TidyTask => ({
  id,
  caption,
  here,
  who: here.length > 0 ? here : ["unknown"],
  aliases: [],
  planted: [],
  ...parts,
});

/** Written by hand. Each has something to take apart, most an alias or a name that is made up. */
export const TIDY_TASKS: readonly TidyTask[] = [
  task(
    "red-waves",
    ["red"],
    "A girl in a red felt cape waves with her left hand on the wooden table, under a desk lamp.",
    {
      identity: ["cape"],
      state: ["wav"],
      place: ["table", "lamp"],
    },
  ),
  task(
    "red-called-little-red",
    ["red"],
    "Little Red with brown braids looks over her shoulder in the garden on an overcast day.",
    {
      identity: ["braids"],
      state: ["shoulder"],
      place: ["garden", "overcast"],
      aliases: ["Little Red"],
    },
  ),
  task(
    "wolf-named-rufus",
    ["wolf"],
    "Rufus the grey wolf with his toothy grin crouches in front of a plain wall.",
    {
      identity: ["grin"],
      state: ["crouch"],
      place: ["wall"],
      planted: ["Rufus"],
    },
  ),
  task(
    "wolf-in-profile",
    ["wolf"],
    "The big bad wolf is seen in profile on the window sill in the morning; he wears a purple waistcoat.",
    {
      identity: ["waistcoat"],
      state: ["profile"],
      place: ["sill", "morning"],
      aliases: ["big bad wolf"],
    },
  ),
  task(
    "granny-asleep",
    ["grandmother"],
    "Granny sleeps with her mouth open in the store room by torch light, wearing a frilled nightcap.",
    {
      identity: ["nightcap"],
      state: ["sleep"],
      place: ["store", "torch"],
      aliases: ["Granny"],
    },
  ),
  task(
    "grandmother-called-agatha",
    ["grandmother"],
    "Old Agatha in golden glasses raises both arms in the rehearsal room under strip light.",
    {
      identity: ["glasses"],
      state: ["arms"],
      place: ["rehearsal"],
      planted: ["Agatha"],
    },
  ),
  task(
    "woodcutter-with-axe",
    ["woodcutter", "axe"],
    "The huntsman with the ginger beard lifts his hatchet over his head in the workshop.",
    {
      identity: ["beard"],
      state: ["lift"],
      place: ["workshop"],
      aliases: ["huntsman", "hatchet"],
    },
  ),
  task(
    "woodcutter-called-hans",
    ["woodcutter"],
    "Hans, a lumberjack in a plaid shirt, leans to the right in the garden at noon.",
    {
      identity: ["plaid"],
      state: ["lean"],
      place: ["garden", "noon"],
      aliases: ["lumberjack"],
      planted: ["Hans"],
    },
  ),
  task(
    "bird-flies",
    ["bird"],
    "The bird with the orange breast flies with spread wings above the workshop bench, lit by a cold tube.",
    {
      identity: ["breast"],
      state: ["spread"],
      place: ["bench", "tube"],
      aliases: ["the bird"],
    },
  ),
  task(
    "bird-called-tweety",
    ["bird"],
    "Tweety, round and blue with a yellow beak, sits upside down in front of a plain wall, with flash.",
    {
      identity: ["beak"],
      state: ["upside"],
      place: ["wall", "flash"],
      planted: ["Tweety"],
    },
  ),
  task(
    "basket-tipped",
    ["basket"],
    "A wicker basket with a gingham cloth lies tipped over on the wooden table at noon.",
    {
      identity: ["cloth"],
      state: ["tipped"],
      place: ["table", "noon"],
      aliases: ["wicker basket"],
    },
  ),
  task("axe-leans", ["axe"], "A hatchet with a red band leans head down against a plain wall.", {
    identity: ["band"],
    state: ["lean"],
    place: ["wall"],
    aliases: ["hatchet"],
  }),
  task(
    "lantern-on-its-side",
    ["lantern"],
    "The storm lantern of black iron lies on its side on the window sill in the morning.",
    {
      identity: ["iron"],
      state: ["side"],
      place: ["sill", "morning"],
      aliases: ["storm lantern"],
    },
  ),
  task(
    "cake-cut-by-marie",
    ["cake"],
    "The chocolate cake that Marie baked, with pink icing, is cut open, in the store room by torch light.",
    {
      identity: ["icing"],
      state: ["cut"],
      place: ["store", "torch"],
      aliases: ["chocolate cake"],
      planted: ["Marie"],
    },
  ),
  task(
    "wolf-and-red",
    ["wolf", "red"],
    "The Wolf with his bushy tail bows to Red Riding Hood, who steps back, in the garden on an overcast day.",
    {
      identity: ["tail"],
      state: ["bow", "back"],
      place: ["garden", "overcast"],
    },
  ),
  task(
    "red-with-basket",
    ["red", "basket"],
    "Red Riding Hood in striped stockings carries the picnic basket on her arm in the rehearsal room.",
    {
      identity: ["stockings"],
      state: ["carr"],
      place: ["rehearsal"],
      aliases: ["picnic basket"],
    },
  ),
  task(
    "grandma-and-wolf",
    ["grandmother", "wolf"],
    "Grandma in her pink knitted shawl pushes Wolf away on the wooden table under the desk lamp.",
    {
      identity: ["shawl"],
      state: ["push"],
      place: ["table", "lamp"],
      aliases: ["Grandma "],
    },
  ),
  task("stagehand", [], "A stagehand in black, probably Tom, bends down on the wooden table at noon.", {
    identity: ["black"],
    state: ["bend"],
    place: ["table", "noon"],
    planted: ["Tom"],
  }),
  task(
    "script-books",
    [],
    "A pile of script books with worn covers lies half open in the workshop, lit from the right.",
    {
      identity: ["covers"],
      state: ["open"],
      place: ["workshop", "right"],
    },
  ),
  task(
    "woodcutter-and-goldilocks",
    ["woodcutter"],
    "The woodcutter in black boots kneels beside a doll that could be Goldilocks, by the light of one bulb in the garden.",
    {
      who: ["woodcutter", "unknown"],
      identity: ["boots"],
      state: ["kneel"],
      place: ["bulb", "garden"],
      planted: ["Goldilocks"],
    },
  ),
];
