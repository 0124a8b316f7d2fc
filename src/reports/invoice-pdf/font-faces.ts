import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export type FontWeight = 400 | 700;

/** One font file: some hundred characters of one family. */
export interface FontFace {
  /** Family, subset and weight: the name that a PDF document knows it by. */
  readonly name: string;
  readonly path: string;
}

/**
 * Asked in this order: the first family that has a character draws it. Together they cover the scripts that companies are named in:
 * Latin, Greek, Cyrillic, Devanagari, Arabic, Hebrew, Thai, Chinese, Japanese, Korean.
 */
const families = [
  '@fontsource/noto-sans',
  '@fontsource/noto-sans-arabic',
  '@fontsource/noto-sans-hebrew',
  '@fontsource/noto-sans-thai',
  '@fontsource/noto-sans-sc',
  '@fontsource/noto-sans-kr',
] as const;

/** The Chinese family declares some Korean syllables that its files do not have. */
const hangul = /\p{Script=Hangul}/u;

interface Subset {
  readonly family: string;
  readonly subset: string;
  /** First and last code points, both included, as the family's package declares them. */
  readonly ranges: readonly (readonly [number, number])[];
}

let subsets: readonly Subset[] | null = null;

function readSubsets(): readonly Subset[] {
  return families.flatMap((family) => {
    const text = readFileSync(require.resolve(`${family}/unicode.json`), 'utf8');
    const declared = Object.entries(JSON.parse(text) as Readonly<Record<string, string>>);
    return declared.map(([subset, ranges]) => ({
      family,
      // A numbered slice of a large family stands in brackets there and without them in its file's name.
      subset: subset.replace(/^\[(\d+)\]$/, '$1'),
      ranges: ranges.split(',').map(parseRange),
    }));
  });
}

/** `U+0000-00FF` or `U+0131`. */
function parseRange(text: string): readonly [number, number] {
  const [first = '', last = first] = text.trim().replace(/^U\+/i, '').split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}

const subsetByCodePoint = new Map<number, Subset | null>();

function subsetOf(codePoint: number): Subset | null {
  const known = subsetByCodePoint.get(codePoint);
  if (known !== undefined) return known;
  subsets ??= readSubsets();
  const isHangul = hangul.test(String.fromCodePoint(codePoint));
  const found =
    subsets.find(
      ({ family, ranges }) =>
        !(isHangul && family === '@fontsource/noto-sans-sc') &&
        ranges.some(([first, last]) => codePoint >= first && codePoint <= last),
    ) ?? null;
  subsetByCodePoint.set(codePoint, found);
  return found;
}

/** The face that draws a character, or null where no family has it (an emoji, a rare script). */
export function faceOf(codePoint: number, weight: FontWeight): FontFace | null {
  const found = subsetOf(codePoint);
  if (!found) return null;
  const file = `${found.family.replace('@fontsource/', '')}-${found.subset}-${weight}-normal.woff`;
  return {
    name: `${found.family} ${found.subset} ${weight}`,
    path: require.resolve(`${found.family}/files/${file}`),
  };
}

/** What an unknown character is drawn as: the replacement character, which the first family has. */
export const replacementCharacter = '\uFFFD';
