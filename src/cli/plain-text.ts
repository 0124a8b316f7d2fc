// What a terminal takes as a command or uses to reorder text: C0 and C1 controls, DEL, bidirectional marks, line separators.
const unsafe = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text of the CRM or of a user as a terminal may show it: on one line, without control characters. */
export function plainText(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(unsafe, '');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

const graphemes = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

const widthOf = (grapheme: string): number => (wide.test(grapheme) ? 2 : 1);

/** Columns that the text takes in a terminal. */
export function textWidth(text: string): number {
  return graphemes(text).reduce((width, grapheme) => width + widthOf(grapheme), 0);
}

/** The text in at most `widthMax` columns, cut between whole characters, with an ellipsis where something is missing. */
export function cutText(text: string, widthMax: number): string {
  if (textWidth(text) <= widthMax) return text;
  let cut = '';
  let width = 0;
  for (const grapheme of graphemes(text)) {
    width += widthOf(grapheme);
    if (width > widthMax - 1) break;
    cut += grapheme;
  }
  return `${cut.trimEnd()}…`;
}

/** A decimal string with its thousands apart: `-1234567.50` → `-1,234,567.50`. */
export function groupThousands(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
