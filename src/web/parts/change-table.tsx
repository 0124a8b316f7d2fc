import { readable } from '../format/words.ts';

interface Fact {
  /** Where the value stands, such as `Lines 1 amount`. */
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A mapping has hundreds of fields; more than these nobody reads, and the export has them all. */
const factsMax = 200;

interface ChangeProps {
  readonly before: unknown;
  readonly after: unknown;
  /** For a phone: each field over its values, no columns. */
  readonly stacked?: boolean;
}

/** What an entry of the audit trail says was before and after, field by field. */
export function ChangeTable({ before, after, stacked = false }: ChangeProps) {
  const facts = factsOf(before, after);
  const shown = facts.slice(0, factsMax);
  return (
    <>
      {stacked ? <StackedFacts facts={shown} /> : <FactTable facts={shown} />}
      {facts.length > factsMax ? (
        <p className="small soft">And {facts.length - factsMax} more; Export has all of them.</p>
      ) : null}
    </>
  );
}

function FactTable({ facts }: { readonly facts: readonly Fact[] }) {
  const hasBefore = facts.some((fact) => fact.before !== null);
  const hasAfter = facts.some((fact) => fact.after !== null);
  return (
    <table className="small" style={{ width: '100%' }}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {hasBefore ? <th scope="col">Before</th> : null}
          {hasAfter ? <th scope="col">After</th> : null}
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => (
          <tr key={fact.label}>
            <th scope="row" style={{ fontWeight: 'normal', textAlign: 'start', verticalAlign: 'top' }}>
              {fact.label}
            </th>
            {hasBefore ? <Value text={fact.before} /> : null}
            {hasAfter ? <Value text={fact.after} /> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StackedFacts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="small" style={{ margin: 0, overflowWrap: 'anywhere' }}>
      {facts.map(({ label, before, after }) => (
        <div key={label}>
          <dt className="soft">{label}</dt>
          {before === null ? null : (
            <dd style={{ margin: 0 }}>
              Before: <bdi>{before}</bdi>
            </dd>
          )}
          {after === null ? null : (
            <dd style={{ margin: 0 }}>
              After: <bdi>{after}</bdi>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function Value({ text }: { readonly text: string | null }) {
  return (
    <td style={{ overflowWrap: 'anywhere', verticalAlign: 'top', whiteSpace: 'pre-wrap' }}>
      <bdi>{text ?? ''}</bdi>
    </td>
  );
}

function factsOf(before: unknown, after: unknown): Fact[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].map((path) => ({
    label: path === '' ? 'Value' : readable(path),
    before: old.get(path) ?? null,
    after: now.get(path) ?? null,
  }));
}

/** Each value by its path; places in a list count from 1. What is empty or null says nothing. */
function valuesOf(value: unknown): Map<string, string> {
  const values = new Map<string, string>();
  const collect = (part: unknown, path: string): void => {
    if (part === null || part === undefined || part === '') return;
    if (typeof part === 'object') {
      const isList = Array.isArray(part);
      for (const [key, inner] of Object.entries(part)) {
        const step = isList ? String(Number(key) + 1) : key;
        collect(inner, path === '' ? step : `${path} ${step}`);
      }
      return;
    }
    values.set(path, typeof part === 'string' ? part : JSON.stringify(part));
  };
  collect(value, '');
  return values;
}
