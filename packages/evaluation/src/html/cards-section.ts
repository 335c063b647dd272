import { type Html, html } from "@followspot/report";
import type { EvaluationReport, RecognizerReport } from "../evaluation-report.ts";
import { bytes, plural } from "./format.ts";

/** What it was measured on. */
export function dataCard({ dataset }: EvaluationReport): Html {
  const { golden, strangers, framed, leftOut, untestable, licenceFiles, picturesByLabel } = dataset;
  const counts = Object.entries(picturesByLabel).map(([label, count]) => `${label} ${count}`);
  return html`<dl>
<dt>version</dt><dd><code>${dataset.hash}</code></dd>
<dt>folder</dt><dd>${dataset.dir}</dd>
<dt>pictures</dt><dd>${dataset.pictures} in ${plural(dataset.scenes, "scene")}, of them ${strangers} without anybody of the cast; ${dataset.asked} were asked about</dd>
<dt>by subject</dt><dd>${counts.join(", ")}</dd>
<dt>framed</dt><dd>${framed} with boxes</dd>
<dt>golden</dt><dd>${golden}, which neither trained nor were asked about</dd>
${leftOut > 0 && html`<dt>left out</dt><dd>${leftOut} of other subjects</dd>`}
${untestable.length > 0 && html`<dt>not testable</dt><dd>${untestable.length}: ${untestable.slice(0, 20).join(", ")}${untestable.length > 20 && " and more"}</dd>`}
<dt>licences</dt><dd>${licenceFiles.length > 0 ? `see ${licenceFiles.join(", ")} in the folder` : "no licence file in the folder: say whose pictures they are before you share this report"}</dd>
</dl>`;
}

/** What was measured, and what it is for. */
export function modelCard(report: RecognizerReport): Html {
  const { recognizer, accuracy, openSet } = report;
  const own = recognizer.kind === "understudy";
  return html`<dl>
<dt>model</dt><dd>${recognizer.name}${recognizer.version && html`, version <code>${recognizer.version}</code>`}${recognizer.contract && `, ${recognizer.contract} contract`}</dd>
<dt>size</dt><dd>${bytes(recognizer.modelBytes)}</dd>
<dt>learnt from</dt><dd>${
    recognizer.learns
      ? "this data set, anew for each fold, never from a picture that it was asked about, never from strangers"
      : recognizer.labels
        ? `${plural(recognizer.labels.length, "subject")}: ${recognizer.labels.join(", ")}`
        : "not known"
  }</dd>
<dt>meant for</dt><dd>naming the characters and props of one show, on its stage, with a person at the desk</dd>
<dt>not for</dt><dd>recognizing people, anybody's safety, or anything that must not be wrong: ${accuracy.top1 === null ? "it was not measured on single subjects" : `${accuracy.n - Math.round(accuracy.top1 * accuracy.n)} of ${accuracy.n} were wrong here`}</dd>
<dt>limits</dt><dd>stage light, motion and hands may make it worse than photographs do${openSet ? `; ${Math.round(openSet.falseNames * openSet.strangers)} of ${openSet.strangers} pictures of strangers got a name` : "; strangers were not tested"}</dd>
<dt>people</dt><dd>people in the pictures are not named; whoever can be recognized in one should have agreed to its use</dd>
${own && html`<dt>weights</dt><dd>learnt on this machine, on features that ship with Followspot; nothing was downloaded</dd>`}
</dl>`;
}
