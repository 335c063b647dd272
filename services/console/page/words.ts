/** Numbers as a person in a dark booth reads them at a glance. */

/** "0.2 s", "14 s", "3 min", "2 h". Below zero (clocks differ by a little) counts as zero. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** "0:42", "12:05", "1:02:33": how long something has been so. */
export function durationText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes, seconds] = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  const tail = String(seconds).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** Time of day with tenths, "21:03:05.4": events of one cue lie less than a second apart. */
export function clockText(ms: number): string {
  const date = new Date(ms);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${parts.join(":")}.${Math.floor(date.getMilliseconds() / 100)}`;
}

/** 0.934 -> "93 %". Never 100 % for less than certain, never 0 % for more than nothing. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  if (share > 0 && percent === 0) return "< 1 %";
  if (share < 1 && percent === 100) return "> 99 %";
  return `${percent} %`;
}

/** "1 worker", "3 workers". */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
