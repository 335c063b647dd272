import { element, percent } from "./dom.ts";
import type { Effect, EffectState } from "./server.ts";

const REFUSED: Readonly<Record<string, string>> = {
  unusable: "not usable",
  "too-small": "too small to learn from",
  "no-place": "without a place in the picture",
  "not-in-the-cast": "not in the cast any more",
  "golden-twin": "a near-duplicate of a golden picture",
  "golden-scene": "of a show that golden pictures are from",
};

/** What adding the answers would change. */
export function effectView(state: EffectState): HTMLElement {
  if (state.state === "failed") return element("p", { class: "bad" }, state.problem);
  if (state.state !== "done") {
    const share = state.state === "running" ? state.share : 0;
    return element(
      "div",
      {},
      element("p", {}, state.state === "running" ? `${state.doing} ...` : "starting ..."),
      element("progress", { max: 1, value: share, "aria-label": "measuring" }),
    );
  }
  return measured(state.effect);
}

function measured({ added, refused, unseen, golden }: Effect): HTMLElement {
  if (added === 0)
    return element("div", {}, element("p", {}, "No answer adds a picture."), refusals(refused));
  const share = (right: number, of: number) => (of === 0 ? "-" : percent(right / of));
  return element(
    "div",
    {},
    element("p", { class: "lead" }, `${added} ${added === 1 ? "picture" : "pictures"} would be added.`),
    unseen.pictures === 0
      ? element("p", {}, "The data set has one scene only, so nothing can be measured where it has not been.")
      : element(
          "table",
          {},
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              ...["", "before", "after", "n"].map((text) => element("th", { scope: "col" }, text)),
            ),
          ),
          element(
            "tbody",
            {},
            row(
              "On scenes not seen",
              share(unseen.before, unseen.pictures),
              share(unseen.after, unseen.pictures),
              unseen.pictures,
            ),
            golden &&
              row(
                "Golden pictures",
                share(golden.before, golden.pictures),
                share(golden.after, golden.pictures),
                golden.pictures,
              ),
            ...unseen.labels
              .slice(0, 12)
              .map((one) =>
                row(
                  `Recall of ${one.label}`,
                  share(one.before, one.pictures),
                  share(one.after, one.pictures),
                  one.pictures,
                ),
              ),
          ),
        ),
    unseen.pictures > 0 && element("p", {}, verdict(unseen)),
    element("p", { class: golden?.worse ? "bad" : undefined }, goldenSentence(golden)),
    refusals(refused),
  );
}

function row(name: string, before: string, after: string, n: number): HTMLElement {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    ...[before, after, String(n)].map((text) => element("td", {}, text)),
  );
}

function verdict({ won, lost, chance }: Effect["unseen"]): string {
  if (won === 0 && lost === 0) return "No picture changes sides.";
  const chanceText = chance < 0.05 ? "more than chance explains" : "which chance may explain";
  return `${won} won, ${lost} lost: ${chanceText} (p = ${chance.toFixed(2)}).`;
}

function goldenSentence(golden: Effect["golden"]): string {
  if (!golden) return "There are no golden pictures, so training would not be stopped by them.";
  return golden.worse
    ? "Worse on the golden pictures: followspot train would not put such a model in force."
    : "Not worse on the golden pictures.";
}

function refusals(refused: Effect["refused"]): HTMLElement {
  const list = Object.entries(refused).map(([reason, count]) => `${count} ${REFUSED[reason] ?? reason}`);
  return list.length === 0
    ? element("p", { hidden: true })
    : element("p", { class: "muted" }, `Not added: ${list.join(", ")}.`);
}
