interface NameProps {
  readonly text: string;
  /** The whole text, over several lines where it must: for headings and the record's own page. */
  readonly whole?: boolean;
}

/** A name from outside: text, in its own direction, cut on one line with the whole on hover. */
export function Name({ text, whole = false }: NameProps) {
  return (
    <bdi dir="auto" className={whole ? 'name-whole' : 'name'} title={whole ? undefined : text}>
      {text}
    </bdi>
  );
}
