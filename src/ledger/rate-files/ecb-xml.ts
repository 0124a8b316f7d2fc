import { type CalendarDate, parseCalendarDate } from '../../kernel/dates.ts';
import { collectMistakes, type RateFileRow, readRate, refuseRateFile, shorten } from './rate-file.ts';

interface Tag {
  readonly line: number;
  readonly text: string;
}

/** Up to the first `>`: no attribute of this format holds one. */
function* tagsOf(content: string): Generator<Tag> {
  let line = 1;
  let place = 0;
  for (;;) {
    const start = content.indexOf('<', place);
    if (start === -1) return;
    for (; place < start; place += 1) if (content.charCodeAt(place) === 10) line += 1;
    const end = content.indexOf('>', start);
    if (end === -1) refuseRateFile(`Line ${line} has a tag that is not closed: the file is cut off.`);
    yield { line, text: content.slice(start + 1, end) };
    for (; place < end; place += 1) if (content.charCodeAt(place) === 10) line += 1;
    place = end + 1;
  }
}

/** Elements that the ECB's files have besides `Cube`; their text is not read. */
const knownTags = /^\/?(gesmes:(Envelope|subject|Sender|name)|Cube)\b/;
const attributePattern = /\s([\w:.-]+)\s*=\s*(?:"([^"<&]*)"|'([^'<&]*)')/g;

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(attributePattern)].map(([, name = '', double, single]) => [
      name,
      double ?? single ?? '',
    ]),
  );
}

/**
 * Rates of eurofxref-daily.xml or eurofxref-hist.xml: `Cube` elements of a day (`time`) with those of its currencies (`currency`,
 * `rate`: units of the currency for one euro). A reader of this one flat format and not of XML: document types, entities, comments and
 * other elements are refused, so that nothing in a file can be expanded or fetched. Errors: `invalid_rate_file`.
 */
export function readEcbXml(content: string): RateFileRow[] {
  const mistakes = collectMistakes();
  const rows: RateFileRow[] = [];
  const lineByDate = new Map<string, number>();
  const currenciesOfDay = new Set<string>();
  let date: CalendarDate | null = null;
  let last = '';
  for (const { line, text } of tagsOf(content)) {
    last = text;
    if (/^\?xml\s/.test(text) && text.endsWith('?')) continue;
    if (!knownTags.test(text)) {
      refuseRateFile(`Line ${line} has <${shorten(text)}>, which no file of the ECB's exchange rates has.`);
    }
    if (!text.startsWith('Cube')) continue;
    const attributes = attributesOf(text);
    const time = attributes.get('time');
    const currency = attributes.get('currency');
    if (time !== undefined) {
      date = parseCalendarDate(time);
      currenciesOfDay.clear();
      const earlier = lineByDate.get(time);
      if (date === null) mistakes.add(line, 'time', `“${shorten(time)}” is no day, such as 2026-03-31.`);
      else if (earlier !== undefined)
        mistakes.add(line, 'time', `${time} stands on line ${earlier} already.`);
      lineByDate.set(time, earlier ?? line);
    } else if (currency !== undefined) {
      const rate = readRate(attributes.get('rate') ?? '');
      if (!/^[A-Z]{3}$/.test(currency)) mistakes.add(line, 'currency', `“${shorten(currency)}” is no code.`);
      else if (currenciesOfDay.has(currency)) mistakes.add(line, currency, 'It stands twice on its day.');
      else if (typeof rate === 'string') mistakes.add(line, currency, rate);
      else if (date !== null) rows.push({ line, date, currency, rate });
      else if (lineByDate.size === 0) mistakes.add(line, currency, 'It has no day (time) around it.');
      currenciesOfDay.add(currency);
    } else if (/\b(currency|rate|time)\b/.test(text)) {
      mistakes.add(line, null, `<${shorten(text)}> cannot be read.`);
    }
  }
  if (last !== '/gesmes:Envelope') {
    refuseRateFile('It does not end with </gesmes:Envelope>: it is cut off, or no file of the ECB.');
  }
  mistakes.throwIfAny();
  return rows;
}
