import { readFile } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { type PageAnswer, type PageFiles, PrivatePage } from "@followspot/review/private-page";
import type { Closable } from "@followspot/runtime";
import sharp from "sharp";
import { z } from "zod";
import { flagText, needsConfirmation, type Flag } from "../checks/check-caption.ts";
import type { CaptionDesk, Decided, DraftCounts, OpenDraft } from "../desk/caption-desk.ts";
import { DecisionSchema, MOST_CAPTION } from "../desk/decision.ts";

const FILES: PageFiles = {
  "/": new URL("../../page/index.html", import.meta.url),
  "/captions.css": new URL("../../page/captions.css", import.meta.url),
  "/main.js": new URL("../../page/main.ts", import.meta.url),
  "/draft-view.js": new URL("../../page/draft-view.ts", import.meta.url),
  "/state.js": new URL("../../page/state.ts", import.meta.url),
  "/word-diff.js": new URL("../desk/word-diff.ts", import.meta.url),
  "/style.css": new URL(import.meta.resolve("@followspot/review/page/style.css")),
  "/choice.js": new URL(import.meta.resolve("@followspot/review/page/choice.ts")),
  "/dom.js": new URL(import.meta.resolve("@followspot/review/page/dom.ts")),
  "/server.js": new URL(import.meta.resolve("@followspot/review/page/server.ts")),
};

/** A flag as the page shows it. */
export interface FlagView {
  readonly about: string;
  readonly text: string;
  /** Whether the person has to confirm it by word. */
  readonly confirm: boolean;
}

/** A draft as the page shows it. */
export interface DraftView {
  readonly id: string;
  readonly fileName: string;
  readonly pictureUrl: string;
  readonly framed: readonly string[];
  readonly old: string;
  readonly caption: string;
  readonly seen: string;
  readonly identity: string;
  readonly flags: readonly FlagView[];
}

export interface CaptionState {
  readonly show: string;
  readonly counts: DraftCounts;
  /** Drafts that were left for later, in this page. */
  readonly skipped: number;
  readonly draft: DraftView | null;
  /** Loaded ahead. */
  readonly ahead: readonly string[];
  /** What became of the decision that was asked for. */
  readonly decided?: Decided["state"];
}

const DecideRequest = z.object({ id: z.string().max(64), decision: DecisionSchema });
const SkipRequest = z.object({ id: z.string().max(64) });
const CheckRequest = z.object({ id: z.string().max(64), caption: z.string().max(MOST_CAPTION) });

/** A page where one person decides about drafts, with the pictures before their eyes. */
export class CaptionServer implements Closable {
  readonly #desk: CaptionDesk;
  readonly #showName: string;
  readonly #skipped = new Set<string>();
  #page: PrivatePage | undefined;

  private constructor(desk: CaptionDesk, showName: string) {
    this.#desk = desk;
    this.#showName = showName;
  }

  /** Listens on loopback; port 0 takes a free one. @throws UserError where the port is taken. */
  static async listen({
    desk,
    showName,
    port,
  }: {
    readonly desk: CaptionDesk;
    readonly showName: string;
    readonly port: number;
  }): Promise<CaptionServer> {
    const server = new CaptionServer(desk, showName);
    server.#page = await PrivatePage.listen({
      name: "the page of the captions",
      port,
      files: FILES,
      answer: (request) =>
        request.method === "POST" ? server.#change(request.path, request.body) : server.#tell(request.path),
    });
    return server;
  }

  /** Opens once, in one browser. */
  get url(): string {
    return this.#page?.url ?? "";
  }

  async close(): Promise<void> {
    await this.#page?.close();
  }

  async #tell(path: string): Promise<PageAnswer | undefined> {
    if (path === "/state") return { json: await this.#state() };
    const [, id] = /^\/pictures\/([0-9a-f]+)\.jpg$/.exec(path) ?? [];
    if (id === undefined) return undefined;
    const found = (await this.#desk.look()).open.find((one) => one.id === id);
    return found && { jpeg: await forPage(found.path) };
  }

  async #change(path: string, body: unknown): Promise<PageAnswer | undefined> {
    if (path === "/decide") {
      const { id, decision } = parse(DecideRequest, body);
      const decided = await this.#desk.decide(id, decision);
      return { json: { ...(await this.#state()), decided: decided.state } };
    }
    if (path === "/check") {
      const { id, caption } = parse(CheckRequest, body);
      const found = (await this.#desk.look()).open.find((one) => one.id === id);
      return found ? { json: this.#desk.flagsOf(found, caption).map(viewFlag) } : GONE;
    }
    if (path === "/skip") {
      const { id } = parse(SkipRequest, body);
      // Only what waits: the list stays as short as that of the drafts.
      if ((await this.#desk.look()).open.some((one) => one.id === id)) this.#skipped.add(id);
      return { json: await this.#state() };
    }
    if (path === "/unskip") {
      this.#skipped.clear();
      return { json: await this.#state() };
    }
    if (path !== "/undo") return undefined;
    const undone = await this.#desk.undo();
    if (undone === undefined) {
      const sentence = "there is no decision of yours to take back, or its picture's line has changed since";
      return { status: 409, sentence };
    }
    this.#skipped.delete(undone);
    return { json: await this.#state(undone) };
  }

  /** @param first a draft to show before the others: the one whose decision was taken back. */
  async #state(first?: string): Promise<CaptionState> {
    const { open, counts } = await this.#desk.look();
    const waiting = open.filter(({ id }) => !this.#skipped.has(id));
    const ordered = waiting.toSorted((a, b) => Number(b.id === first) - Number(a.id === first));
    const [draft, next] = ordered.slice(0, 2).map(viewDraft);
    return {
      show: this.#showName,
      counts,
      skipped: open.length - waiting.length,
      draft: draft ?? null,
      ahead: next ? [next.pictureUrl] : [],
    };
  }
}

/** Sides in pixels: more is no help on a screen. */
const SIDE = 1_024;

/** @throws Error where it cannot be decoded */
async function forPage(path: string): Promise<Uint8Array> {
  const upright = sharp(await readFile(path)).autoOrient();
  return await upright
    .resize({ width: SIDE, height: SIDE, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 88 })
    .toBuffer();
}

const GONE: PageAnswer = { status: 404, sentence: "this draft does not wait any more" };

function viewDraft({ id, draft, here }: OpenDraft): DraftView {
  return {
    id,
    fileName: draft.file_name,
    pictureUrl: `/pictures/${id}.jpg`,
    framed: here.map(({ name }) => name),
    old: draft.old ?? "",
    caption: draft.caption,
    seen: draft.seen,
    identity: draft.identity,
    flags: draft.flags.map(viewFlag),
  };
}

function viewFlag(flag: Flag): FlagView {
  return { about: flag.about, text: flagText(flag), confirm: needsConfirmation(flag) };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new UserError(`the answer cannot be read: ${parsed.error.issues[0]?.message}`);
}
