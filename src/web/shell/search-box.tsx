import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { apiListQuery } from '../api/query.ts';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/note.tsx';
import { usePages } from './navigation.tsx';

interface Choice {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly detail: string;
  readonly address: string;
}

const groupWords = { document: 'Invoices', customer: 'Customers', deal: 'Deals', item: 'Items' };

const typingPauseMs = 150;

export function SearchBox() {
  const [isOpen, setIsOpen] = useState(false);
  useHotkeys([
    ['/', () => setIsOpen(true)],
    ['mod+K', () => setIsOpen(true)],
  ]);
  return (
    <>
      <button type="button" className="search-button" aria-label="Search" onClick={() => setIsOpen(true)}>
        <IconSearch size={15} aria-hidden="true" />
        <span aria-hidden="true">Search deals, invoices, customers…</span>
        <kbd className="key" aria-hidden="true">
          /
        </kbd>
      </button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title="Search"
        size="lg"
        centered={false}
        yOffset="10dvh"
      >
        <SearchForm close={() => setIsOpen(false)} />
      </Modal>
    </>
  );
}

function SearchForm({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('');
  const [current, setCurrent] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), typingPauseMs);
  const navigate = useNavigate();
  const router = useRouter();
  const listId = useId();
  const found = useQuery({
    ...apiListQuery('search', { query: { q: asked } }),
    enabled: asked !== '',
  });
  const choices = useChoices(text, asked === '' ? [] : (found.data?.data ?? []));
  const follow = (choice: Choice | undefined): void => {
    if (!choice) return;
    close();
    void navigate({ href: router.history.createHref(choice.address) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && choices.length > 0) {
      event.preventDefault();
      setCurrent((current + step + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      follow(choices[current]);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        label="Deal id or address, invoice number, customer, item or page"
        role="combobox"
        aria-expanded={choices.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={choices[current] ? `${listId}-${current}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setCurrent(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Problem error={found.error} />
      <ul id={listId} className="search-results" role="listbox" aria-label="Found">
        {choices.map((choice, index) => (
          // The input keeps the focus and takes the keys; the list only follows the pointer.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox above handles the keys
          <li
            key={choice.key}
            id={`${listId}-${index}`}
            className="search-option"
            role="option"
            aria-selected={index === current}
            tabIndex={-1}
            onMouseMove={() => setCurrent(index)}
            onClick={() => follow(choice)}
          >
            <Name text={choice.title} />
            <span className="soft small">
              {choice.group}
              {choice.detail ? ' · ' : ''}
              <bdi dir="auto">{choice.detail}</bdi>
            </span>
          </li>
        ))}
      </ul>
      {asked !== '' && found.isSuccess && !found.isPlaceholderData && choices.length === 0 ? (
        <p className="soft" role="status">
          Nothing found. A deal is found by its id or its address in the CRM once it has been read.
        </p>
      ) : null}
    </>
  );
}

interface SearchResult {
  readonly kind: keyof typeof groupWords;
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly connectionId: string | null;
}

const pagesMax = 8;

function useChoices(text: string, results: readonly SearchResult[]): readonly Choice[] {
  const wanted = text.trim().toLowerCase();
  const pages = usePages()
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, pagesMax)
    .map(
      ({ to, name, path }): Choice => ({
        key: to,
        group: 'Page',
        title: name,
        detail: path ?? '',
        address: to,
      }),
    );
  const records = results.map(
    (result): Choice => ({
      key: `${result.kind} ${result.id}`,
      group: groupWords[result.kind],
      title: result.title,
      detail: result.detail,
      address: addressOf(result),
    }),
  );
  return [...records, ...pages];
}

function addressOf({ kind, id, title, connectionId }: SearchResult): string {
  switch (kind) {
    case 'document':
      return `/invoices/${id}`;
    case 'customer':
      return `/customers/${id}`;
    case 'item':
      return `/items?q=${encodeURIComponent(title)}`;
    case 'deal':
      return `/why/${connectionId ?? ''}/${encodeURIComponent(id)}`;
  }
}
