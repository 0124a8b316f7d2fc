import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A piece of text on a page; `x` and `y` in points from the left and the top. */
export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PdfPage {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PdfText[];
  /** All of it, line by line from the top, pieces of a line from the left. */
  readonly text: string;
}

/** Reads what stands on the pages of a PDF file, as another program would. */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ readonly title: string; readonly pages: PdfPage[] }> {
  const file = await getDocument({ data: bytes.slice(), verbosity: 0 }).promise;
  const { info } = await file.getMetadata();
  const pages: PdfPage[] = [];
  for (let number = 1; number <= file.numPages; number += 1) {
    const page = await file.getPage(number);
    const [, , width = 0, height = 0] = page.view;
    const content = await page.getTextContent({ disableNormalization: true });
    const texts = content.items.flatMap((item) =>
      'str' in item && item.str !== ''
        ? [
            {
              text: item.str,
              x: Number(item.transform[4]),
              y: height - Number(item.transform[5]),
              width: item.width,
            },
          ]
        : [],
    );
    pages.push({ width, height, texts, text: linesOf(texts).join('\n') });
  }
  await file.destroy();
  const title = 'Title' in info ? String(info.Title) : '';
  return { title, pages };
}

function linesOf(texts: readonly PdfText[]): string[] {
  const lines = new Map<number, PdfText[]>();
  for (const text of texts) {
    const line = Math.round(text.y);
    lines.set(line, [...(lines.get(line) ?? []), text]);
  }
  return [...lines]
    .toSorted(([above], [below]) => above - below)
    .map(([, line]) =>
      line
        .toSorted((left, right) => left.x - right.x)
        .map(({ text }) => text)
        .join(' ')
        .replaceAll(/ +/g, ' '),
    );
}
