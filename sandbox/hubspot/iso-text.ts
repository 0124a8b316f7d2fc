/**
 * ISO text of an instant. The last few are remembered: a record shows each of its two times twice, and making the
 * text was a tenth of a batch read.
 */
const SLOTS = 8;
const times = new Float64Array(SLOTS).fill(Number.NaN);
const texts: string[] = Array.from({ length: SLOTS }, () => '');
let next = 0;

export function isoText(time: number): string {
  for (let slot = 0; slot < SLOTS; slot += 1) if (times[slot] === time) return texts[slot] ?? '';
  const text = new Date(time).toISOString();
  times[next] = time;
  texts[next] = text;
  next = (next + 1) % SLOTS;
  return text;
}
