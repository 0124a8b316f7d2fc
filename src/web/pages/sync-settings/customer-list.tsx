import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { apiQuery } from '../../api/query.ts';
import { CustomerPicker } from '../../parts/customer-picker.tsx';
import { Name } from '../../parts/name.tsx';
import { ProblemList } from '../mapping/problem-list.tsx';
import { readSetting } from '../mapping/setting-path.ts';
import { type LoadedEditor, problemsOf } from '../mapping/use-configuration-draft.ts';

interface CustomerListProps {
  readonly editor: LoadedEditor;
  /** The setting that lists ids of customers. */
  readonly path: readonly string[];
  readonly label: string;
  /** What holds while nobody is listed. */
  readonly empty: string;
  readonly entityId: string | undefined;
}

/** Customers that a rule is for, by name. */
export function CustomerList({ editor, path, label, empty, entityId }: CustomerListProps) {
  const setting = readSetting(editor.settings, path);
  // The configuration's schema lists ids here.
  const ids = Array.isArray(setting) ? (setting as readonly string[]) : [];
  const customers = useQueries({ queries: ids.map((id) => apiQuery('getCustomer', { params: { id } })) });
  const change = (next: readonly string[]): void => editor.set(path, next.length === 0 ? undefined : next);
  return (
    <div className="stack-tight" role="group" aria-label={label}>
      <CustomerPicker
        // Begins anew after each choice, empty.
        key={ids.join(' ')}
        label={label}
        entityId={entityId}
        disabled={editor.readOnly}
        value={null}
        change={(id) => id !== null && !ids.includes(id) && change([...ids, id])}
      />
      {ids.length === 0 ? <div className="soft small">{empty}</div> : null}
      {ids.map((id, index) => {
        const name = customers[index]?.data?.name ?? id;
        return (
          <div key={id} className="row row-between">
            <Link className="link" to="/customers/$customerId" params={{ customerId: id }}>
              <Name text={name} whole />
            </Link>
            <Button
              variant="subtle"
              size="compact-sm"
              disabled={editor.readOnly}
              aria-label={`Take ${name} from the list`}
              onClick={() => change(ids.filter((other) => other !== id))}
            >
              Remove
            </Button>
          </div>
        );
      })}
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
    </div>
  );
}
