import { randomUUID } from 'node:crypto';

/** Makes identifiers; injected, so that a test can number them. */
export type NewId = () => string;

// Of the last id: its millisecond, and how many ids that millisecond has had.
let lastMs = 0;
let idsInMs = 0;
/** Twelve bits count the ids of one millisecond; an id beyond takes the next millisecond. */
const idsPerMsMax = 0xfff;

/**
 * A UUID of version 7: 48 bits of milliseconds, 12 bits that count within the millisecond, then random bits. The ids of a process
 * grow, so that rows made one after the other stand next to each other in an index and sort as they were made.
 */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    idsInMs = 0;
  } else if (idsInMs === idsPerMsMax) {
    lastMs += 1;
    idsInMs = 0;
  } else {
    idsInMs += 1;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const count = idsInMs.toString(16).padStart(3, '0');
  // The end of a random UUID has the same form, and Node draws its randomness for many of them at once.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${randomUUID().slice(19)}`;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
