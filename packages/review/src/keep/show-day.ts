/** A show that runs past midnight is one show: the day begins at five in the morning, local time. */
const DAY_BEGINS_MS = 5 * 60 * 60 * 1_000;

/** YYYY-MM-DD of the day that a moment (milliseconds since the Unix epoch) belongs to, in the machine's time zone. */
export function showDay(atMs: number): string {
  const moment = new Date(atMs - DAY_BEGINS_MS);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export const SHOW_DAY = /^\d{4}-\d{2}-\d{2}$/;
