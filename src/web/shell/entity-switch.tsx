import { Button, Menu } from '@mantine/core';
import { IconBuilding, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Name } from '../parts/name.tsx';
import { type Mode, rememberScope, useBooksScope, useEntities } from './books-scope.ts';

const modes: readonly { readonly mode: Mode; readonly label: string; readonly all: string }[] = [
  { mode: 'live', label: 'Live books', all: 'All entities' },
  { mode: 'test', label: 'Test books', all: 'All test entities' },
];

export function EntitySwitch() {
  const scope = useBooksScope();
  const entities = useEntities();
  const navigate = useNavigate();
  const choose = (value: string): void => {
    rememberScope(value);
    // A page of a list belongs to the books that it was read from.
    void navigate({
      to: '.',
      search: (search) => ({ ...search, entity: value, after: undefined, page: undefined }),
    });
  };
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button
          className="entity-switch"
          variant="default"
          size="xs"
          h={32}
          aria-label={`Books of: ${scope.label}`}
          leftSection={<IconBuilding size={15} aria-hidden="true" />}
          rightSection={<IconChevronDown size={14} aria-hidden="true" />}
        >
          <Name text={scope.label} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {modes.map(({ mode, label, all }) => {
          const ofMode = entities.filter((entity) => entity.mode === mode);
          if (ofMode.length === 0) return null;
          const choices = [
            ...ofMode.map(({ id, name, baseCurrency }) => ({ value: id, name, detail: baseCurrency })),
            ...(ofMode.length > 1 ? [{ value: mode, name: all, detail: '' }] : []),
          ];
          return (
            <div key={mode}>
              <Menu.Label>{label}</Menu.Label>
              {choices.map(({ value, name, detail }) => (
                <Menu.Item
                  key={value}
                  onClick={() => choose(value)}
                  leftSection={
                    <IconCheck size={15} aria-hidden="true" opacity={value === scope.value ? 1 : 0} />
                  }
                  rightSection={<span className="soft small">{detail}</span>}
                >
                  <Name text={name} />
                  {value === scope.value ? <span className="visually-hidden"> (chosen)</span> : null}
                </Menu.Item>
              ))}
            </div>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
