import { readFile } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import type { Closable } from "@followspot/runtime";
import { z } from "zod";
import { AnswerSchema } from "./answer.ts";
import { describeQuestion } from "./describe-question.ts";
import { drawCrop } from "./draw-crop.ts";
import { EffectJob } from "./effect-job.ts";
import { type PageAnswer, PrivatePage } from "./private-page/private-page.ts";
import type { PageFiles } from "./private-page/page-files.ts";
import type { ReviewSession } from "./review-session.ts";

const FILES: PageFiles = {
  "/": new URL("../page/index.html", import.meta.url),
  "/style.css": new URL("../page/style.css", import.meta.url),
  "/main.js": new URL("../page/main.ts", import.meta.url),
  "/choice.js": new URL("../page/choice.ts", import.meta.url),
  "/dom.js": new URL("../page/dom.ts", import.meta.url),
  "/question-view.js": new URL("../page/question-view.ts", import.meta.url),
  "/effect-view.js": new URL("../page/effect-view.ts", import.meta.url),
  "/server.js": new URL("../page/server.ts", import.meta.url),
};

const AnswerRequest = z.object({
  id: z.string().max(120),
  answer: z.union([AnswerSchema, z.object({ kind: z.literal("right") })]),
});

/** Serves one review to one browser of this machine. */
export class ReviewServer implements Closable {
  readonly #session: ReviewSession;
  readonly #showName: string;
  readonly #effect: EffectJob;
  #page: PrivatePage | undefined;

  private constructor(session: ReviewSession, showName: string) {
    this.#session = session;
    this.#showName = showName;
    this.#effect = new EffectJob(session);
  }

  /** Listens on loopback, nowhere else; port 0 takes a free one. @throws UserError where the port is taken. */
  static async listen({
    session,
    showName,
    port,
  }: {
    readonly session: ReviewSession;
    readonly showName: string;
    readonly port: number;
  }): Promise<ReviewServer> {
    const server = new ReviewServer(session, showName);
    server.#page = await PrivatePage.listen({
      name: "the review",
      port,
      files: FILES,
      answer: (request) =>
        request.method === "POST" ? server.#change(request.path, request.body) : server.#tell(request.path),
    });
    return server;
  }

  get port(): number {
    return this.#page?.port ?? 0;
  }

  /** Opens once, in one browser. */
  get url(): string {
    return this.#page?.url ?? "";
  }

  async close(): Promise<void> {
    this.#effect.stop();
    await this.#page?.close();
  }

  async #tell(path: string): Promise<PageAnswer | undefined> {
    if (path === "/state") return { json: await this.#state() };
    if (path === "/effect") return { json: this.#effect.state };
    const jpeg = await this.#picture(path);
    return jpeg && { jpeg };
  }

  async #change(path: string, body: unknown): Promise<PageAnswer | undefined> {
    if (path === "/answer") {
      const parsed = AnswerRequest.safeParse(body);
      if (!parsed.success)
        throw new UserError(`the answer cannot be read: ${parsed.error.issues[0]?.message}`);
      const { id, answer } = parsed.data;
      const question = this.#session.find(id);
      if (!question) return { status: 404, sentence: "there is no such question any more" };
      this.#effect.forget();
      await this.#session.answer(id, answer.kind === "right" ? this.#session.confirm(question) : answer);
      return { json: await this.#state() };
    }
    if (path === "/undo") {
      this.#effect.forget();
      const undone = await this.#session.undo();
      if (undone === undefined) return { status: 409, sentence: "there is no answer to take back" };
      return { json: await this.#state(undone) };
    }
    if (path === "/effect") {
      this.#effect.start();
      return { json: this.#effect.state };
    }
    if (path !== "/accept") return undefined;
    this.#effect.forget();
    const accepted = await this.#session.accept();
    return { json: { ...(await this.#state()), accepted } };
  }

  /** @param first a question to ask before the others: the one that was taken back. */
  async #state(first?: string) {
    const open = await this.#session.unanswered();
    const asked =
      first === undefined
        ? open
        : open.toSorted((a, b) => Number(b.frame.id === first) - Number(a.frame.id === first));
    const [question, next] = asked.slice(0, 2).map((one) => describeQuestion(one, this.#session.cast));
    return {
      show: this.#showName,
      counts: await this.#session.counts(),
      question: question ?? null,
      // Loaded ahead, so that the next answer does not wait for pictures.
      ahead: next ? [next.cropUrl, next.frameUrl, ...next.lookalikes.map(({ url }) => url)] : [],
    };
  }

  async #picture(path: string): Promise<Uint8Array | undefined> {
    const [, folder, name] = /^\/(frames|crops|album)\/([a-z0-9_-]+)\.jpg$/.exec(path) ?? [];
    if (folder === undefined || name === undefined) return undefined;
    if (folder === "album") {
      const subject = this.#session.album.subjects[Number(name)];
      return subject && (await drawCrop(subject.path, subject.box));
    }
    const question = this.#session.find(name);
    if (!question) return undefined;
    return folder === "crops"
      ? await drawCrop(question.frame.path, question.box)
      : await readFile(question.frame.path);
  }
}
