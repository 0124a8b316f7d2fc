import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

interface FilterTextProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
  readonly placeholder?: string;
}

/** Long enough not to ask at every key, short enough to feel immediate. */
const pauseMs = 250;

/** A search inside a list. The address follows when typing pauses. */
export function FilterText({ label, value = '', change, placeholder }: FilterTextProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      change(text === '' ? undefined : text);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, change]);
  return (
    <TextInput
      className="grow"
      size="sm"
      label={label}
      placeholder={placeholder ?? ''}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
