import { formatAge, formatDay, formatExactInstant, formatInstant } from '../format/date.ts';

export function Day({ day }: { readonly day: string }) {
  return (
    <time dateTime={day} title={day} className="numeric">
      {formatDay(day)}
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
