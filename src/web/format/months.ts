/** `2026-03` as it stands in an address, or null where the text is no month. */
export function parseMonth(text: string | undefined): string | null {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '') ? (text ?? null) : null;
}

/** The month of today in the reader's zone, and so many months later (or earlier). */
export function monthFromNow(later: number, today = new Date()): string {
  return shiftMonth(`${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, '0')}`, later);
}

export function shiftMonth(month: string, later: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + later, 1)).toISOString().slice(0, 7);
}

export function firstDayOf(month: string): string {
  return `${month}-01`;
}

export function lastDayOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
