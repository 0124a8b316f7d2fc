import createBidi from 'bidi-js';
import { type FontFace, type FontWeight, faceOf, replacementCharacter } from './font-faces.ts';

/** A stretch of a line that one font draws in one direction. `text` stands in reading order; the font shapes it. */
export interface TextRun {
  readonly face: FontFace;
  readonly text: string;
}

export interface VisualLine {
  /** From left to right on the page. */
  readonly runs: readonly TextRun[];
  /** True when the text begins in a script that is read from the right. */
  readonly rightToLeft: boolean;
}

const bidi = createBidi();

/** Marks and joiners belong to the character before them and are drawn by its font. */
const attached = /^(?:\p{M}|\u200C|\u200D)$/u;
const strongRightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

interface Piece {
  readonly text: string;
  readonly level: number;
  readonly face: FontFace;
}

/** Cuts one line of text into runs, in the order in which they stand on the page (Unicode bidirectional algorithm). */
export function visualLine(text: string, weight: FontWeight): VisualLine {
  const embedding = bidi.getEmbeddingLevels(text);
  const pieces: Piece[] = [];
  let index = 0;
  for (const character of text) {
    const last = pieces.at(-1);
    const level = embedding.levels[index] ?? 0;
    const shown = (level % 2 === 1 ? bidi.getMirroredCharacter(character) : null) ?? character;
    index += character.length;
    const sticks = last !== undefined && attached.test(character);
    const face = sticks ? last.face : faceOf(shown.codePointAt(0) ?? 0, weight);
    const drawn = face ? { face, text: shown } : replaced(weight);
    if (last && last.level === level && last.face.name === drawn.face.name)
      pieces[pieces.length - 1] = { ...last, text: last.text + drawn.text };
    else pieces.push({ ...drawn, level });
  }
  return {
    runs: inVisualOrder(pieces).map(({ face, level, text: run }) => ({
      face,
      // The font turns letters that are read from the right; what has none of them (a space, a bracket) it would leave as it is.
      text: level % 2 === 1 && !strongRightToLeft.test(run) ? turnedRound(run) : run,
    })),
    rightToLeft: (embedding.paragraphs[0]?.level ?? 0) % 2 === 1,
  };
}

function replaced(weight: FontWeight): { readonly face: FontFace; readonly text: string } {
  const face = faceOf(replacementCharacter.codePointAt(0) ?? 0, weight);
  if (!face) throw new Error('the first font family has the replacement character');
  return { face, text: replacementCharacter };
}

/** Rule L2: from the highest level down, every stretch at that level or above is turned round. */
function inVisualOrder(pieces: readonly Piece[]): readonly Piece[] {
  const ordered = [...pieces];
  const highest = Math.max(0, ...pieces.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) {
    let start = 0;
    while (start < ordered.length) {
      if ((ordered[start]?.level ?? 0) < level) {
        start += 1;
        continue;
      }
      let end = start;
      while (end < ordered.length && (ordered[end]?.level ?? 0) >= level) end += 1;
      ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end;
    }
  }
  return ordered;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

function turnedRound(text: string): string {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
    .reverse()
    .join('');
}
