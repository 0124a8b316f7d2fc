import { formatAge, formatDay, formatExactInstant, formatInstant, formatMonth } from '../format/date.ts';

export function Day({ day }: { readonly day: string }) {
  return (
    <time dateTime={day} title={day} className="numeric">
      {formatDay(day)}
    </time>
  );
}

/** A month by its first day, or by any of its days. */
export function Month({ day }: { readonly day: string }) {
  return (
    <time dateTime={day.slice(0, 7)} title={day.slice(0, 7)} className="numeric">
      {formatMonth(day)}
    </time>
  );
}

interface InstantProps {
  readonly instant: string;
  /** Adds how long ago it was, beside the exact time. */
  readonly age?: boolean;
}

export function InstantText({ instant, age = false }: InstantProps) {
  return (
    <time dateTime={instant} title={formatExactInstant(instant)}>
      <span className="numeric">{formatInstant(instant)}</span>
      {age ? <span className="soft"> · {formatAge(instant)}</span> : null}
    </time>
  );
}
