import { Button, Menu } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Column } from './data-table.tsx';

/**
 * Which columns of a table are shown. The choice is the reader's own, so it stays in this browser under the table's name; the first
 * column, which leads to the record, always stays.
 */
export function useColumns<Row>(
  tableName: string,
  columns: readonly Column<Row>[],
): { readonly shown: readonly Column<Row>[]; readonly menu: ReactNode } {
  const storageKey = `tributary columns ${tableName}`;
  const [hidden, setHidden] = useState(() => readHidden(storageKey));
  const toggle = (key: string, isShown: boolean): void => {
    const next = isShown ? hidden.filter((other) => other !== key) : [...hidden, key];
    setHidden(next);
    localStorage.setItem(storageKey, JSON.stringify(next));
  };
  const menu = (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<IconColumns3 size={15} aria-hidden="true" />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.slice(1).map(({ key, header }) => {
          const isShown = !hidden.includes(key);
          return (
            <Menu.CheckboxItem key={key} checked={isShown} onChange={() => toggle(key, !isShown)}>
              {header}
            </Menu.CheckboxItem>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
  return { shown: columns.filter(({ key }, index) => index === 0 || !hidden.includes(key)), menu };
}

function readHidden(storageKey: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
}
