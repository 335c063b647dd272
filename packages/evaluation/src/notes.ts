import type { RecognizerReport } from "./evaluation-report.ts";
import { MIDDLE } from "./exam/background.ts";
import type { ExhibitSet } from "./exam/exhibit.ts";
import type { Plan, Protocol } from "./exam/folds.ts";

const FEW = 200;
const NAMED = 8;

/** What a reader of the figures must know, a sentence each. */
export function notesOn(
  report: Omit<RecognizerReport, "goals" | "notes">,
  {
    plan,
    set,
    protocol,
    datasetHash,
  }: {
    readonly plan: Plan;
    readonly set: ExhibitSet;
    readonly protocol: Protocol;
    readonly datasetHash: string;
  },
): string[] {
  const { recognizer, calibration, controls, openSet, multi, unparseable } = report;
  const notes: string[] = [];
  if (!recognizer.learns && protocol !== "split") {
    notes.push(
      `${recognizer.name} is asked as it is: ${protocol} would need it to be trained anew, so every picture was put to the one model. If it has learnt from these pictures, its figures say nothing about unseen scenes.`,
    );
  }
  if (!recognizer.learns && recognizer.labels) {
    const strange = set.labels.filter((label) => !recognizer.labels?.includes(label));
    if (strange.length > 0) {
      notes.push(`${recognizer.name} has not learnt ${list(strange)}: their pictures count as wrong.`);
    }
  }
  if (protocol === "leave-one-out") {
    notes.push(
      "Leave-one-out lets a picture be judged by others of the same place and hour, which flatters: leave-one-scene-out is the figure for an unseen stage.",
    );
  }
  const subjects = new Set(plan.untestable.flatMap(({ present }) => present));
  if (plan.untestable.length > 0) {
    notes.push(
      `${plan.untestable.length} pictures could not be asked about: without their scene no other shows ${list([...subjects])}. Photograph it in a second place.`,
    );
  }
  if (calibration.n < FEW) {
    notes.push(
      `The calibration error comes from ${calibration.n} pictures only; the bins below give their counts.`,
    );
  }
  if (!openSet)
    notes.push('No picture of kind "unknown" is in the data set, so nothing is known about strangers.');
  const { boxes, borders } = controls.backgroundFrom;
  if (borders > 0) {
    notes.push(
      `For the background control, nobody framed ${borders} of ${boxes + borders} pictures: of those only the border was left, outside of the middle ${Math.round(MIDDLE * 100)} % of each side.`,
    );
  }
  const { backgroundLearnt, random } = controls;
  if (backgroundLearnt !== null && random !== null && backgroundLearnt > random) {
    notes.push(
      `Whoever learns the backgrounds alone names ${backgroundLearnt.toFixed(2)} of the subjects (a blind guess: ${random.toFixed(2)}): some were photographed in places of their own, or reach to the border. Figures on pictures of the same places may flatter to that extent.`,
    );
  }
  notes.push(
    `Several at once: ${multi.pictures?.n ?? 0} framed pictures of the data set and ${multi.collages?.n ?? 0} collages of one to three held-out pictures side by side.`,
  );
  notes.push(...notesOnAsking(report, datasetHash));
  if (unparseable.n > 0) {
    notes.push(`${unparseable.n} answers could not be read; they count as wrong everywhere.`);
  }
  return notes;
}

/** What the way in which a vision-language model was asked does to its figures. */
function notesOnAsking(
  { recognizer: { name, contract, ask, calibrated } }: Pick<RecognizerReport, "recognizer">,
  datasetHash: string,
): string[] {
  if (ask === undefined) return [];
  const notes: string[] = [];
  if (contract === "vllm" && ask === "list") {
    notes.push(
      `${name} names whom it sees and ranks nobody else, so that its top-3 is its list; its scores come from the probabilities of its words, or from the mere naming where the server tells none.`,
    );
  }
  if (ask === "verify") {
    notes.push(
      `${name} is only asked about those whom an understudy doubts, and keeps that understudy's word about the others; the understudy, and pictures to compare with, may be from this very data set.`,
    );
  }
  if (!calibrated) {
    notes.push(`The scores of ${name} are not calibrated: followspot calibrate fits what they are worth.`);
  } else if (calibrated.dataset === datasetHash) {
    notes.push(
      `The calibration of ${name} was fitted on these very pictures, so that its calibration error flatters; followspot calibrate prints the one on scenes held out.`,
    );
  }
  return notes;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(", ");
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
