import type PDFDocument from 'pdfkit';
import type { FontWeight } from './font-faces.ts';
import { type VisualLine, visualLine } from './text-runs.ts';

export type PdfDocument = InstanceType<typeof PDFDocument>;

export interface TextStyle {
  readonly size: number;
  readonly weight: FontWeight;
  readonly color: string;
}

/** Text from outside can be of any length; nobody reads more on an invoice, and measuring it would take minutes. */
const textLengthMax = 4000;

/** The distance of two lines' baselines, of the font's size. */
const lineSpacing = 1.35;
/** From the top of a line to its baseline, of the font's size. */
const ascent = 1.05;

export function lineHeightOf({ size }: TextStyle): number {
  return size * lineSpacing;
}

/** Shapes the whole run at once: pdfkit would otherwise lay out word by word, from left to right whatever the script. */
const shaping = { features: [] as PDFKit.Mixins.OpenTypeFeatures[] };

function widthOf(document: PdfDocument, line: VisualLine, size: number): number {
  return line.runs.reduce((width, { face, text }) => {
    document.font(face.name).fontSize(size);
    return width + document.widthOfString(text, shaping);
  }, 0);
}

function prepare(document: PdfDocument, text: string, weight: FontWeight, known: Set<string>): VisualLine {
  const line = visualLine(text, weight);
  for (const { face } of line.runs) {
    if (known.has(face.name)) continue;
    document.registerFont(face.name, face.path);
    known.add(face.name);
  }
  return line;
}

/** Puts text on the pages of one document: measures, wraps and draws it in whatever scripts it is written in. */
export interface Typesetter {
  /** The lines of a text that fit the width; words that are too long are cut. Never empty. */
  readonly wrap: (text: string, style: TextStyle, width: number) => string[];
  /** One line with its top at `y`. */
  readonly draw: (line: string, style: TextStyle, box: TextBox) => void;
}

export interface TextBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** `start` is the left for text that is read from the left, and the right for the other. */
  readonly align: 'start' | 'left' | 'right' | 'center';
}

export function createTypesetter(document: PdfDocument): Typesetter {
  const known = new Set<string>();
  const measure = (text: string, { size, weight }: TextStyle): number =>
    widthOf(document, prepare(document, text, weight, known), size);
  return {
    wrap: (text, style, width) => {
      const cut = text.length > textLengthMax ? `${text.slice(0, textLengthMax)}…` : text;
      return cut
        .replaceAll(/\r\n?/g, '\n')
        .split('\n')
        .flatMap((paragraph) => wrapParagraph(cleaned(paragraph), width, (part) => measure(part, style)));
    },
    draw: (text, { size, weight, color }, box) => {
      const line = prepare(document, text, weight, known);
      const width = widthOf(document, line, size);
      let x = box.x + offsetOf(line, box, width);
      for (const { face, text: run } of line.runs) {
        document.font(face.name).fontSize(size).fillColor(color);
        document.text(run, x, box.y + size * ascent, {
          ...shaping,
          lineBreak: false,
          baseline: 'alphabetic',
        });
        x += document.widthOfString(run, shaping);
      }
    },
  };
}

function offsetOf(line: VisualLine, box: TextBox, width: number): number {
  if (box.align === 'center') return (box.width - width) / 2;
  const atRight = box.align === 'right' || (box.align === 'start' && line.rightToLeft);
  return atRight ? box.width - width : 0;
}

/** Control characters have no picture; a tab is a space. */
function cleaned(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/\p{Cc}/gu, '');
}

function wrapParagraph(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text)) {
    if (measure((line + word).trimEnd()) <= width) {
      line += word;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    const parts = cutToWidth(word, width, measure);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  lines.push(line.trimEnd());
  return lines;
}

const words = new Intl.Segmenter('und', { granularity: 'word' });
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Where a line may break: after spaces, and between the words of scripts that write none. Punctuation stays with its word. */
function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of words.segment(text)) {
    const last = found.at(-1);
    const joins = last !== undefined && (!isWordLike || (!/\s$/.test(last) && !breaksInside(last + segment)));
    if (joins) found[found.length - 1] = last + segment;
    else found.push(segment);
  }
  return found;
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const breaksInside = (text: string): boolean => unspaced.test(text);

/** Cuts a word that is wider than a line. Where a line ends is searched by halves, from where the line before it ended. */
function cutToWidth(word: string, width: number, measure: (text: string) => number): string[] {
  if (measure(word.trimEnd()) <= width) return [word];
  const characters = [...graphemes.segment(word)].map(({ segment }) => segment);
  const parts: string[] = [];
  let start = 0;
  let guess = 32;
  while (start < characters.length) {
    const fits = (count: number): boolean =>
      measure(characters.slice(start, start + count).join('')) <= width;
    let [least, most] = [1, Math.min(guess, characters.length - start)];
    while (start + most < characters.length && fits(most))
      [least, most] = [most, Math.min(most * 2, characters.length - start)];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (fits(middle)) least = middle;
      else most = middle - 1;
    }
    parts.push(characters.slice(start, start + least).join(''));
    start += least;
    guess = least + 1;
  }
  return parts;
}
