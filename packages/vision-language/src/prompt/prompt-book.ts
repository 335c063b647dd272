import { createHash } from "node:crypto";
import type { Show } from "@followspot/show";
import { QUESTIONS } from "./questions.ts";
import { systemText } from "./system-text.ts";

/** The prompt's constant part for one scene, and the version of all that the model is told and asked. */
export interface SystemPrompt {
  readonly text: string;
  readonly version: string;
  /** The scene's id; undefined where the text says nothing of a scene. */
  readonly scene: string | undefined;
}

const VERSION_LENGTH = 8;

/** What the model is told about a show, scene by scene: each text is made once, and is the same bytes ever after. */
export class PromptBook {
  readonly #show: Show;
  readonly #prompts = new Map<string | undefined, SystemPrompt>();

  constructor(show: Show) {
    this.#show = show;
  }

  /** Of the show without any scene: what the recognizer as a whole is known by. */
  get version(): string {
    return this.forScene(undefined).version;
  }

  forScene(sceneId: string | undefined): SystemPrompt {
    const scene = this.#show.scenes.find(({ id }) => id === sceneId)?.id;
    const known = this.#prompts.get(scene);
    if (known) return known;
    const text = systemText(this.#show, scene);
    const made = { text, scene, version: promptVersion(text) };
    this.#prompts.set(scene, made);
    return made;
  }
}

/** A short hash of the system text and of the questions: another word is another version. */
export function promptVersion(system: string): string {
  return createHash("sha256")
    .update(JSON.stringify([system, QUESTIONS]))
    .digest("hex")
    .slice(0, VERSION_LENGTH);
}
