/** What an array parameter may hold; nested arrays must be of equal length, as PostgreSQL demands. */
type Element = string | number | bigint | boolean | Date | null | object;

/** Most elements have nothing to escape, and looking is cheaper than replacing twice. */
const escaped = /["\\]/;

function quote(text: string): string {
  return escaped.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}

function formatElement(element: Element): string {
  if (element === null) return 'NULL';
  if (Array.isArray(element)) return formatArrayLiteral(element);
  if (typeof element === 'string') return quote(element);
  if (element instanceof Date) return element.toISOString();
  if (typeof element === 'object') return quote(JSON.stringify(element));
  return String(element);
}

/** A PostgreSQL array literal, such as `{"a","b",NULL}`. */
export function formatArrayLiteral(elements: readonly Element[]): string {
  return `{${elements.map(formatElement).join(',')}}`;
}

/** Parses what PostgreSQL prints for an array; `parseElement` gets the text of each element that is not NULL. */
export function parseArrayLiteral(literal: string, parseElement: (text: string) => unknown): unknown[] {
  // An array whose bounds do not start at 1 prints them first: `[0:1]={a,b}`.
  let position = literal.indexOf('{');

  const parseQuoted = (): string => {
    let text = '';
    for (position += 1; literal[position] !== '"'; position += 1) {
      if (literal[position] === '\\') position += 1;
      text += literal[position] ?? '';
    }
    position += 1;
    return text;
  };

  const parseBare = (): string => {
    const start = position;
    while (position < literal.length && literal[position] !== ',' && literal[position] !== '}') position += 1;
    return literal.slice(start, position);
  };

  const parseOne = (): unknown => {
    if (literal[position] === '{') return parseLevel();
    if (literal[position] === '"') return parseElement(parseQuoted());
    const text = parseBare();
    return text === 'NULL' ? null : parseElement(text);
  };

  const parseLevel = (): unknown[] => {
    const elements: unknown[] = [];
    position += 1;
    while (position < literal.length && literal[position] !== '}') {
      elements.push(parseOne());
      if (literal[position] === ',') position += 1;
    }
    position += 1;
    return elements;
  };

  return parseLevel();
}
