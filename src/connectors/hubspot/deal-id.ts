/** Both forms of a deal's page: `/contacts/{portal}/record/0-3/{id}` and the older `/contacts/{portal}/deal/{id}`. */
const dealPath = /\/contacts\/\d+\/(?:record\/0-3|deal)\/(\d{1,20})(?:\/|$)/;

/** The deal's id that a pasted id or page address means, or null. */
export function dealIdFrom(text: string): string | null {
  const trimmed = text.trim();
  if (/^\d{1,20}$/.test(trimmed)) return trimmed;
  if (!URL.canParse(trimmed)) return null;
  return dealPath.exec(new URL(trimmed).pathname)?.[1] ?? null;
}
