import { NamedFacts } from './facts.tsx';

interface NamedValuesProps {
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
}

/** A card of names and values that come from outside; nothing without any. */
export function NamedValues({ title, values }: NamedValuesProps) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <section className="card">
      <h2>{title}</h2>
      <dl className="facts">
        <NamedFacts entries={entries} />
      </dl>
    </section>
  );
}
