import { BIRD_FIGURE } from "./bird.ts";
import type { Figure } from "./figure.ts";
import { GRANDMOTHER_FIGURE } from "./grandmother.ts";
import { MOTHER_FIGURE } from "./mother.ts";
import {
  AXE_FIGURE,
  BASKET_FIGURE,
  BED_FIGURE,
  BOTTLE_FIGURE,
  CAKE_FIGURE,
  FLOWERS_FIGURE,
  LANTERN_FIGURE,
} from "./props.ts";
import { RED_FIGURE } from "./red.ts";
import { WOLF_FIGURE } from "./wolf.ts";
import { WOODCUTTER_FIGURE } from "./woodcutter.ts";

/** Every puppet and prop by its label. */
export const FIGURES: ReadonlyMap<string, Figure> = new Map(
  [
    RED_FIGURE,
    WOLF_FIGURE,
    GRANDMOTHER_FIGURE,
    MOTHER_FIGURE,
    WOODCUTTER_FIGURE,
    BIRD_FIGURE,
    BASKET_FIGURE,
    AXE_FIGURE,
    LANTERN_FIGURE,
    FLOWERS_FIGURE,
    CAKE_FIGURE,
    BOTTLE_FIGURE,
    BED_FIGURE,
  ].map((figure) => [figure.id, figure]),
);
