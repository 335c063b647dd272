import { element, find, setText } from "./dom.ts";
import { PushCamera, pushPhoto, type PushTarget, withoutCamera } from "./push-camera.ts";
import type { CameraEntry, ShowDocument } from "./show-document.ts";
import { countText } from "./words.ts";

/** "Use this device as a camera": only there where the show has a camera that takes pushes. */
export class PushView {
  readonly #show: ShowDocument;
  readonly #token: string | undefined;
  readonly #camera = find("push-camera", HTMLSelectElement);
  readonly #toggle = find("push-toggle", HTMLButtonElement);
  readonly #photo = find("push-photo", HTMLInputElement);
  readonly #preview = find("push-preview", HTMLVideoElement);
  readonly #status = find("push-status", HTMLElement);
  readonly #count = find("push-count", HTMLElement);
  #running: PushCamera | undefined;
  #starting = false;

  constructor(show: ShowDocument, token: string | undefined) {
    this.#show = show;
    this.#token = token;
    const cameras = show.cameras.filter(({ takesPushes }) => takesPushes);
    find("push", HTMLElement).hidden = cameras.length === 0;
    this.#camera.replaceChildren(
      ...cameras.map(({ id }) => element("option", { text: id, attributes: { value: id } })),
    );
    const reason = withoutCamera();
    this.#toggle.hidden = reason !== undefined;
    setText(find("push-reason", HTMLElement), reason ?? "");
    this.#toggle.addEventListener("click", () => void this.#toggleCamera());
    this.#photo.addEventListener("change", () => void this.#sendPhoto());
  }

  #target(): PushTarget | undefined {
    const entry: CameraEntry | undefined = this.#show.cameras.find(({ id }) => id === this.#camera.value);
    const { ingestUrl } = this.#show;
    return entry && { ingestUrl, cameraId: entry.id, token: this.#token, fps: entry.fps, width: entry.width };
  }

  async #toggleCamera(): Promise<void> {
    if (this.#starting) return;
    if (this.#running) return this.#stopped("Stopped.");
    const target = this.#target();
    if (!target) return;
    this.#starting = true;
    setText(this.#status, "Asking for the camera…");
    try {
      this.#running = await PushCamera.start(this.#preview, target, {
        onSent: (pictures, problem) => {
          const refused = problem === undefined ? "" : `. The last one was refused: ${problem}`;
          setText(this.#status, `Sending to ${target.cameraId}${refused}`);
          // Apart, or a screen reader would say every picture.
          setText(this.#count, countText(pictures, "picture"));
        },
        onEnd: (why) => this.#stopped(why),
      });
      this.#preview.hidden = false;
      this.#camera.disabled = true;
      setText(this.#toggle, "Stop the camera");
    } catch (error) {
      this.#stopped(
        error instanceof DOMException && error.name === "NotAllowedError"
          ? "The camera was not allowed: allow it for this page in the browser's settings."
          : "This device's camera could not be opened: another program may be using it.",
      );
    } finally {
      this.#starting = false;
    }
  }

  #stopped(why: string): void {
    this.#running?.stop();
    this.#running = undefined;
    this.#preview.hidden = true;
    this.#camera.disabled = false;
    setText(this.#toggle, "Start the camera");
    setText(this.#status, why);
    setText(this.#count, "");
  }

  async #sendPhoto(): Promise<void> {
    const [file] = this.#photo.files ?? [];
    const target = this.#target();
    if (!file || !target) return;
    setText(this.#status, `Sending ${file.name}…`);
    setText(this.#status, await pushPhoto(file, target));
    // The same photo may be chosen again.
    this.#photo.value = "";
  }
}
