/** One scratch buffer for all answers: they are assembled one at a time, and copied out at their real size. */
let scratch = Buffer.allocUnsafe(1 << 20);

/**
 * Joins JSON texts with commas between a head and a tail, as UTF-8. Each record is encoded by itself: joining 100
 * records to one string first and encoding that took three times as long (2.1 ms instead of 0.7 ms for 72 kB),
 * because one name beyond Latin-1 makes the whole string two bytes wide.
 */
export function jsonPage(head: string, parts: readonly string[], tail: string): Buffer {
  let at = writeText(head, 0);
  for (let index = 0; index < parts.length; index += 1) {
    if (index > 0) {
      scratch[at] = 44;
      at += 1;
    }
    at = writeText(parts[index] ?? '', at);
  }
  at = writeText(tail, at);
  return Buffer.from(scratch.subarray(0, at));
}

function writeText(text: string, at: number): number {
  const needed = at + text.length * 3 + 2;
  if (needed > scratch.length) {
    const larger = Buffer.allocUnsafe(needed * 2);
    scratch.copy(larger, 0, 0, at);
    scratch = larger;
  }
  return at + scratch.write(text, at);
}
