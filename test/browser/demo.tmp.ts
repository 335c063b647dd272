import sharp from "sharp";
import { Presence, Event_Type } from "@followspot/schema/followspot/v1/event";
import { CameraStatus_State } from "@followspot/schema/followspot/v1/frame";
import { openBrowser, watchPage } from "./open-browser.ts";
import { StageForConsole } from "./stage-for-console.ts";

const stage = await StageForConsole.start();
const ids = ["red","wolf","grandmother","mother","woodcutter","basket","axe","bed","flowers","cake"];
const now = () => Date.now();
const started = now();
const present = new Set(["red","wolf","basket"]);
let dark = false;
let camState = CameraStatus_State.LIVE; let detail = "";
const labelState = (label: string) => ({ label, state: dark ? Presence.UNKNOWN : present.has(label) ? Presence.PRESENT : Presence.ABSENT, sinceMs: started - 42000 - ids.indexOf(label)*7000, confidence: present.has(label) ? 0.97 - ids.indexOf(label)*0.02 : 0.91 });
stage.results.script({
  greeting: [
    { case: "hello", value: { serverTimeMs: now(), show: "red-hood", position: { epoch: "e", sequence: 3 }, recovered: false } },
    { case: "snapshot", value: { epoch: "e", sequence: 3, asOfMs: now(), labels: ids.map(labelState) } },
  ],
  heartbeat: () => ({ case: "heartbeat", value: { serverTimeMs: now(), position: { epoch: "e", sequence: 3 }, presenceRunning: true,
    recognizer: { name: "understudy", version: "9f31c2ab77e1d0", rung: "understudy", accuracy: 0.93 }, newestObservationAtMs: now() - 80,
    cameras: [{ cameraId: "stage", state: camState, detail, sinceMs: started, newestFrameAtMs: now(), reportedAtMs: now(), received: 900, sent: 412, dropped: { unchanged: 488 }, source: "sample:" }],
    workers: [{ workerId: "w-1", recognizer: "understudy", state: "ready", detail: "", reportedAtMs: now() - 200, observed: 410, modelMsP50: 31.4 }] } }),
});
let t = 0;
async function scene(light = 1) {
  t += 1;
  const x = 150 + (t * 3) % 200;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#1d3350"/><stop offset="1" stop-color="#496b52"/></linearGradient></defs>
  <rect width="640" height="360" fill="url(#g)"/><rect y="290" width="640" height="70" fill="#4b3a2a"/>
  ${[60,520,590,20,470].map((tx,i)=>`<path d="M${tx} 300 l-40 0 l40 -${170+i*20} l40 ${170+i*20}z" fill="#1f4a33"/>`).join("")}
  <g transform="translate(${x} 160)"><path d="M0 140 q40 -170 80 0z" fill="#b3202c"/><circle cx="40" cy="42" r="24" fill="#e8bfa0"/><circle cx="32" cy="40" r="3"/><circle cx="48" cy="40" r="3"/></g>
  <g transform="translate(${x+75} 240)"><rect width="46" height="34" fill="#a8743a" rx="5"/></g>
  <g transform="translate(420 130)"><path d="M0 170 q50 -200 100 0z" fill="#6b6f78"/><path d="M22 30 l10 -30 l16 26z M78 30 l-10 -30 l-16 26z" fill="#555a63"/><circle cx="38" cy="56" r="4" fill="#f5e27a"/><circle cx="62" cy="56" r="4" fill="#f5e27a"/></g>
  <rect width="640" height="360" fill="black" opacity="${1-light}"/></svg>`;
  return { jpeg: await sharp(Buffer.from(svg)).jpeg({quality: 85}).toBuffer(), x };
}
async function tick(light = 1, boxes = true) {
  const { jpeg, x } = await scene(light);
  const s = await stage.showPicture({ jpeg, light: light * 0.4 });
  if (!boxes) return;
  setTimeout(() => {
  stage.results.tell({ case: "observation", value: { frame: s, width: 640, height: 360, unknown: 0.05, light: 0.4, recognizer: { rung: "understudy", accuracy: 0.93, name: "understudy", version: "x" },
    labels: ids.map((label, i) => ({ label, score: label === "red" ? 0.981 : label === "wolf" ? 0.94 : label === "basket" ? 0.72 : label === "axe" ? 0.45 : 0.02 + i*0.01, raw: 0,
      ...(label === "red" ? { box: { left: x, top: 160, right: x + 80, bottom: 302 } } : label === "wolf" ? { box: { left: 420, top: 128, right: 520, bottom: 302 } } : label === "basket" ? { box: { left: x+72, top: 236, right: x+124, bottom: 278 } } : {}) })) } });
  }, 40);
}
const types = [Event_Type.ENTER, Event_Type.EXIT, Event_Type.UNKNOWN, Event_Type.HOLD];
function event(sequence: number, label: string, type: number, state: number, reason: string) {
  stage.results.tell({ case: "event", value: { id: `e-${sequence}`, epoch: "e", sequence, type, label, state, presenceId: "p", happenedAtMs: now(), settledAtMs: now(), recordedAtMs: now(), confidence: 0.95, reason } });
}
const browser = await openBrowser();
const [only] = process.argv.slice(2);
for (const [name, viewport, extra] of [["desktop", { width: 1440, height: 900 }, {}], ["phone", { width: 390, height: 844 }, { deviceScaleFactor: 2, isMobile: true, hasTouch: true }]] as const) {
  if (only && only !== name) continue;
  const { page, problems } = await watchPage(browser, stage.url, { viewport, ...extra });
  const shot = async (state: string, full = false) => page.screenshot({ path: `/tmp/shots/${name}-${state}.png`, fullPage: full });
  await page.waitForSelector("html[data-ready]");
  await new Promise((r) => setTimeout(r, 700));
  await shot("none-yet");
  for (let i = 0; i < 12; i++) { await tick(); await new Promise((r) => setTimeout(r, 100)); }
  event(4, "basket", Event_Type.ENTER, Presence.PRESENT, "seen by stage");
  event(5, "mother", Event_Type.EXIT, Presence.ABSENT, "not seen by stage for 700 ms");
  event(6, "wolf", Event_Type.ENTER, Presence.PRESENT, "seen by stage");
  event(7, "flowers", Event_Type.UNKNOWN, Presence.UNKNOWN, "camera stage lost");
  event(8, "flowers", Event_Type.HOLD, Presence.ABSENT, "seen by stage");
  for (let i = 0; i < 12; i++) { await tick(); await new Promise((r) => setTimeout(r, 100)); }
  await shot("normal"); await shot("normal-full", true);
  ids.forEach((id, i) => event(20 + i, id, Event_Type.UNKNOWN, Presence.UNKNOWN, "stage is dark"));
  for (let i = 0; i < 25; i++) { await tick(0.03, false); await new Promise((r) => setTimeout(r, 80)); }
  await new Promise((r) => setTimeout(r, 200));
  await shot("dark");
  for (let i = 0; i < 8; i++) { await tick(); await new Promise((r) => setTimeout(r, 100)); }
  await stage.results.crash();
  await new Promise((r) => setTimeout(r, 3000));
  camState = CameraStatus_State.LOST; detail = "rtsp://camera answers no more; trying again in 2 s.";
  await shot("results-lost");
  stage.results.recover();
  await new Promise((r) => setTimeout(r, 3500));
  await shot("camera-lost");
  stage.pause();
  await new Promise((r) => setTimeout(r, 5000));
  await shot("console-lost");
  stage.resume();
  camState = CameraStatus_State.LIVE; detail = "";
  console.log(name, problems);
  const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  console.log("overflow", wide);
  await page.context().close();
}
await browser.close();
await stage[Symbol.asyncDispose]();
process.exit(0);
