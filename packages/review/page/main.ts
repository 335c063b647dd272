/** The review page: one question at a time, one key an answer. */
import type { Choice } from "./choice.ts";
import { byId, element } from "./dom.ts";
import { effectView } from "./effect-view.ts";
import { PAGE, questionView } from "./question-view.ts";
import { type EffectState, get, post, type Question, type State } from "./server.ts";

const main = byId("main", HTMLElement);
const status = byId("status", HTMLElement);
const dialog = byId("effect", HTMLDialogElement);
const EFFECT_POLL_MS = 300;

let state: State | undefined;
/** Which nine of the cast the number keys stand for. */
let page = 0;
let busy = false;

function say(text: string): void {
  status.textContent = text;
}

/** One request at a time: a key that is pressed twice must not answer the next question. */
async function change(path: string, body: unknown, done: string): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    show(await post<State>(path, body));
    say(done);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  } finally {
    busy = false;
  }
}

function answer(question: Question, given: { kind: string; label?: string }, text: string): void {
  void change("/answer", { id: question.id, answer: given }, `${text}. Z takes it back.`);
}

function choicesOf(question: Question): Choice[] {
  const others = question.choices.slice(page * PAGE, (page + 1) * PAGE);
  const choices: Choice[] = [
    {
      key: "Enter",
      cap: "⏎",
      text: `Right: ${question.guessName}`,
      main: true,
      act: () => answer(question, { kind: "right" }, `Right: ${question.guessName}`),
    },
    ...others.map(({ label, name }, at) => ({
      key: String(at + 1),
      cap: String(at + 1),
      text: name,
      act: () => answer(question, { kind: "cast", label }, name),
    })),
  ];
  if (question.choices.length > PAGE) {
    choices.push({ key: "0", cap: "0", text: "others of the cast", act: () => turn(question) });
  }
  choices.push(
    {
      key: "u",
      cap: "U",
      text: "unknown",
      hint: "nobody of the cast",
      act: () => answer(question, { kind: "unknown" }, "Unknown"),
    },
    {
      key: "x",
      cap: "X",
      text: "nobody there",
      act: () => answer(question, { kind: "nobody" }, "Nobody there"),
    },
    {
      key: "n",
      cap: "N",
      text: "not usable",
      hint: "blurred, dark, cut off",
      act: () => answer(question, { kind: "unusable" }, "Not usable"),
    },
    { key: "z", cap: "Z", text: "undo", act: undo },
    { key: "e", cap: "E", text: "what it changes", hint: "then add", act: () => void openEffect() },
  );
  return choices;
}

function turn(question: Question): void {
  page = (page + 1) % Math.ceil(question.choices.length / PAGE);
  render();
}

function undo(): void {
  void change("/undo", {}, "Taken back.");
}

function show(next: State): void {
  if (next.question?.id !== state?.question?.id) page = 0;
  state = next;
  render();
  for (const url of next.ahead) new Image().src = url;
}

function render(): void {
  if (!state) return;
  const { counts, question, show: name } = state;
  byId("show", HTMLElement).textContent = name;
  const bar = byId("bar", HTMLProgressElement);
  bar.max = Math.max(1, counts.total);
  bar.value = counts.answered;
  const waiting = counts.waiting > 0 ? `, ${counts.waiting} not in the data set yet` : "";
  byId("count", HTMLElement).textContent = `${counts.answered} of ${counts.total} answered${waiting}`;
  main.replaceChildren(question ? questionView(question, choicesOf(question)) : endView());
  if (question) byId("asked", HTMLElement).focus({ preventScroll: true });
}

function endView(): HTMLElement {
  const add = element(
    "button",
    { type: "button", class: "main" },
    element("kbd", {}, "E"),
    element("span", {}, "what it changes, then add"),
  );
  add.addEventListener("click", () => void openEffect());
  const back = element("button", { type: "button" }, element("kbd", {}, "Z"), element("span", {}, "undo"));
  back.addEventListener("click", undo);
  const waiting = (state?.counts.waiting ?? 0) > 0;
  return element(
    "article",
    { class: "end" },
    element("h2", {}, "Everything is answered."),
    element(
      "p",
      {},
      waiting
        ? "See what the answers would change, and add them to the data set."
        : "The answers are in the data set: end this with Ctrl-C in the terminal, then run followspot train.",
    ),
    element("div", { class: "answers" }, ...(waiting ? [add, back] : [])),
  );
}

async function openEffect(): Promise<void> {
  if (dialog.open) return;
  showEffect({ state: "none" });
  dialog.showModal();
  try {
    let effect = await post<EffectState>("/effect");
    while (effect.state === "running" && dialog.open) {
      showEffect(effect);
      await new Promise((resolve) => setTimeout(resolve, EFFECT_POLL_MS));
      effect = await get<EffectState>("/effect");
    }
    showEffect(effect);
  } catch (error) {
    showEffect({ state: "failed", problem: error instanceof Error ? error.message : String(error) });
  }
}

function showEffect(effect: EffectState): void {
  const measured = effect.state === "done";
  const add = element(
    "button",
    { type: "button", class: "main", disabled: !measured || effect.effect.added === 0 },
    element("kbd", {}, "A"),
    element("span", {}, "Add to the data set"),
  );
  add.addEventListener("click", () => void accept());
  const back = element("button", { type: "button" }, element("kbd", {}, "Esc"), element("span", {}, "Back"));
  back.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(
    element("h2", { id: "effect-title" }, "What the answers would change"),
    effectView(effect),
    element("div", { class: "answers" }, add, back),
  );
}

async function accept(): Promise<void> {
  if (dialog.querySelector("button.main")?.hasAttribute("disabled")) return;
  dialog.close();
  try {
    const next = await post<State>("/accept");
    show(next);
    const added = next.accepted?.files.length ?? 0;
    say(
      `${added} ${added === 1 ? "picture is" : "pictures are"} in the data set now: followspot train learns from them.`,
    );
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (dialog.open) {
    if (key === "a") void accept();
    return;
  }
  if (key === "z") return undo();
  if (key === "e") return void openEffect();
  // Enter on a button that was reached with Tab presses that button.
  if (key === "Enter" && event.target instanceof HTMLButtonElement) return;
  const choice = state?.question && choicesOf(state.question).find((one) => one.key === key);
  if (!choice) return;
  event.preventDefault();
  choice.act();
});

try {
  show(await get<State>("/state"));
} catch (error) {
  main.replaceChildren(
    element("p", { class: "bad" }, error instanceof Error ? error.message : String(error)),
  );
}
