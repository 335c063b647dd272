/** Puts the page together: what comes in goes into state, and state is drawn at most once a frame. */
import { FollowspotClient, type Update } from "@followspot/client";
import { takeAccessToken } from "./access-token.ts";
import { Banner } from "./banner.ts";
import { CameraCard } from "./camera-card.ts";
import { CastView } from "./cast-view.ts";
import { find, setText } from "./dom.ts";
import { EventView } from "./event-view.ts";
import { groupEvents } from "./event-groups.ts";
import { Evidence } from "./evidence.ts";
import { LinkView } from "./link-view.ts";
import { loadShow } from "./load-show.ts";
import { type LinkState, PictureFeed } from "./picture-feed.ts";
import { Preferences } from "./preferences.ts";
import { PushView } from "./push-view.ts";
import { RecognizerView } from "./recognizer-view.ts";
import { ServerClock } from "./server-clock.ts";
import { StageState } from "./stage-state.ts";

/** Ages on the page move by tenths of a second. */
const RENDER_EVERY_MS = 200;

const token = takeAccessToken();
// An address with a token that is pasted into an open page counts too.
addEventListener("hashchange", () => location.reload());

const banner = new Banner();
const show = await loadShow(token, (problem) => banner.show(problem ?? ""));
document.title = `${show.name} · Followspot`;
setText(find("show-name", HTMLElement), show.name);

const clock = new ServerClock();
const stage = new StageState(show.cast);
const evidence = new Evidence(show.presence.blindAfterMs);
const cards = new Map(
  show.cameras.map((entry) => [entry.id, new CameraCard(entry, show.cast, show.presence)]),
);
const castView = new CastView(show.cast, show.presence.enterScore);
const eventView = new EventView();
const linkView = new LinkView();
const recognizerView = new RecognizerView();
find("camera-list", HTMLElement).replaceChildren(...[...cards.values()].map(({ root }) => root));
find("no-cameras", HTMLElement).hidden = cards.size > 0;
new PushView(show, token);
new Preferences({
  onBoxes: (on) => {
    for (const card of cards.values()) card.boxes = on;
  },
});

const links: { pictures: LinkState; results: LinkState } = { pictures: "connecting", results: "connecting" };
let resultsLostAtMs: number | undefined;

new PictureFeed(token, {
  onFrame: async (frame) => cards.get(frame.header?.stamp?.cameraId ?? "")?.addFrame(frame),
  onTime: (serverMs) => clock.sample(serverMs),
  onLink: (state) => {
    links.pictures = state;
  },
});
new FollowspotClient({
  url: show.resultsUrl,
  observations: true,
  ...(token !== undefined && { token }),
}).subscribe((update) => {
  noteLink(update);
  if (update.kind === "observation") {
    evidence.add(update.observation);
    cards.get(update.observation.frame?.cameraId ?? "")?.addObservation(update.observation);
  }
  if (update.kind === "heartbeat") clock.sample(update.heartbeat.serverTimeMs);
  stage.apply(update);
  // An entrance is shown at once, not with the next tenth of a second.
  if (update.kind === "event" || update.kind === "snapshot") render();
});

setInterval(render, RENDER_EVERY_MS);
document.documentElement.dataset.ready = "true";

function noteLink({ kind }: Update): void {
  if (kind === "connected") {
    links.results = "open";
    resultsLostAtMs = undefined;
  }
  if (kind === "disconnected") {
    links.results = "lost";
    resultsLostAtMs ??= performance.now();
  }
}

function render(): void {
  const nowMs = clock.nowMs();
  const { heartbeat } = stage;
  document.documentElement.dataset.results = links.results;
  linkView.render({
    ...links,
    resultsLostForMs: resultsLostAtMs === undefined ? undefined : performance.now() - resultsLostAtMs,
    heartbeat,
    nowMs,
  });
  for (const [id, card] of cards) {
    const status = heartbeat?.cameras.find(({ cameraId }) => cameraId === id);
    card.render({
      linked: links.pictures === "open",
      nowMs,
      status: links.results === "open" ? status : undefined,
    });
  }
  castView.render({
    stage,
    nowMs,
    scoreOf: (label) => evidence.scoreOf(label, nowMs),
  });
  eventView.render(groupEvents(stage.events));
  recognizerView.render(heartbeat, nowMs);
}
