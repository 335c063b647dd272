import { button, type Choice } from "./choice.ts";
import { element, percent, svgElement } from "./dom.ts";
import type { Question } from "./server.ts";

/** How many members of the cast the number keys stand for at once. */
export const PAGE = 9;

/** The question, with everything that helps to answer it. */
export function questionView(question: Question, choices: readonly Choice[]): HTMLElement {
  return element(
    "article",
    { class: "question" },
    element(
      "div",
      { class: "ask" },
      element("h2", { id: "asked", tabindex: -1 }, ...headingOf(question)),
      element(
        "p",
        { class: "facts" },
        `${percent(question.confidence)} sure`,
        element("meter", { min: 0, max: 1, value: question.confidence, "aria-hidden": true }),
        element("span", {}, `${question.why} · camera ${question.camera}, ${timeOf(question.capturedAtMs)}`),
      ),
    ),
    element("div", { class: "pictures" }, cropOf(question), wholeFrame(question)),
    lookalikesOf(question),
    element("div", { class: "answers", role: "group", "aria-label": "answers" }, ...choices.map(button)),
  );
}

function headingOf({ guess, guessName }: Question): (Node | string)[] {
  const name = element("em", {}, guessName);
  if (guess === "nobody") return ["Is there ", name, " in the picture?"];
  return ["Is this ", name, "?"];
}

function cropOf({ cropUrl, guessName, box }: Question): HTMLElement {
  return element(
    "figure",
    { class: "crop" },
    element("img", { src: cropUrl, alt: `what may be ${guessName}` }),
    element("figcaption", {}, box ? "the place in question" : "the whole picture is in question"),
  );
}

function wholeFrame({ frameUrl, width, height, box }: Question): HTMLElement {
  const stage = element("div", { class: "stage" }, element("img", { src: frameUrl, alt: "the whole frame" }));
  if (box) {
    const overlay = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    const { left: x, top: y } = box;
    for (const name of ["rim", "line"]) {
      overlay.append(svgElement("rect", { x, y, width: box.width, height: box.height, class: name }));
    }
    stage.append(overlay);
  }
  return element("figure", { class: "whole" }, stage, element("figcaption", {}, "the whole frame"));
}

function lookalikesOf({ lookalikes }: Question): HTMLElement {
  return element(
    "section",
    { class: "alike", "aria-label": "most alike in the data set" },
    element("h3", {}, "Most alike in the data set"),
    ...(lookalikes.length === 0 ? [element("p", {}, "The data set has no pictures yet.")] : []),
    ...lookalikes.map(({ name, scene, likeness, url }) =>
      element(
        "figure",
        {},
        element("img", { src: url, alt: name }),
        element(
          "figcaption",
          {},
          element("strong", {}, name),
          `${scene ? `${scene}, ` : ""}${percent(Math.max(0, likeness))} alike`,
        ),
      ),
    ),
  );
}

function timeOf(atMs: number): string {
  return new Date(atMs).toLocaleString(undefined, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
