import { Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';
import { useEntities, useOneEntity } from '../../shell/books-scope.ts';

interface StatementFrameProps {
  readonly title: string;
  readonly lead: string | null;
  readonly actions?: ReactNode;
  /** Choices beside the entity. */
  readonly choices: ReactNode;
  readonly chooseEntity: (entityId: string) => void;
  readonly children: ReactNode;
}

/** What every statement has: its heading, the entity that it is of, and its choices. */
export function StatementFrame(props: StatementFrameProps) {
  const { title, lead, actions, choices, chooseEntity, children } = props;
  const entities = useEntities();
  const entity = useOneEntity();
  return (
    <>
      <PageHeader
        title={title}
        crumbs={[
          <Link key="reports" to="/reports">
            Planning &amp; Reports › Reports
          </Link>,
        ]}
        lead={lead}
        actions={actions}
      />
      <div className="toolbar" role="search" aria-label="Choose what the statement is of">
        <Select
          label="Entity"
          size="sm"
          w={260}
          maw="100%"
          allowDeselect={false}
          data={entities.map(({ id, name, mode }) => ({
            value: id,
            label: mode === 'test' && !/test/i.test(name) ? `${name} (test)` : name,
          }))}
          value={entity?.id ?? null}
          onChange={(id) => id && chooseEntity(id)}
        />
        {choices}
      </div>
      {children}
    </>
  );
}
