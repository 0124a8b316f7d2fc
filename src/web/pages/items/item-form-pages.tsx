import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { z } from 'zod';
import type { itemWire } from '../../../contract/books-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { DeleteRecord } from '../../parts/delete-record.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { ItemForm } from './item-form.tsx';

type Item = z.infer<typeof itemWire>;

const toItems = (
  <Link key="list" to="/items">
    Items
  </Link>
);

export function NewItemPage() {
  const entity = useOneEntity();
  return (
    <>
      <PageHeader
        title="New item"
        crumbs={[toItems]}
        lead={`In the books of ${entity?.name ?? ''}. Products of won deals become items by themselves.`}
      />
      {entity ? <ItemForm key={entity.id} entityId={entity.id} item={null} canChange /> : null}
    </>
  );
}

export function ItemPage() {
  const { itemId } = useParams({ from: '/app/items/$itemId' });
  const query = useQuery(apiQuery('getItem', { params: { id: itemId } }));
  const canChange = useCan('post');
  const canDelete = useCan('configure');
  const item = query.data;
  return (
    <>
      <PageHeader
        title={query.error ? 'Item' : (item?.name ?? null)}
        heading={item ? <Name text={item.name} whole /> : null}
        crumbs={[toItems]}
        lead={item ? leadOf(item) : null}
        actions={item && canDelete && !item.isDefault ? <DeleteItem item={item} /> : null}
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={8} /> : null}
      {item ? (
        <ItemForm
          key={`${item.id} ${item.version}`}
          entityId={item.entityId}
          item={item}
          canChange={canChange}
        />
      ) : null}
    </>
  );
}

function leadOf({ isDefault, sources }: Item): string {
  if (isDefault)
    return 'The item of lines without a product. Documents that are made already keep what they say.';
  return sources.length > 0
    ? 'It comes from the CRM. Documents that are made already keep what they say.'
    : 'Documents that are made already keep what they say.';
}

function DeleteItem({ item }: { readonly item: Item }) {
  const navigate = useNavigate();
  const remove = useApiMutation('deleteItem', {
    onDone: () => void navigate({ to: '/items', search: {} }),
    changes: ['listItems'],
  });
  return (
    <DeleteRecord
      noun="item"
      name={item.name}
      isBusy={remove.isPending}
      error={remove.error}
      run={() => remove.mutate({ params: { id: item.id } })}
    >
      Only an item that stands on no document and comes from no CRM can be deleted. Deactivate any other one:
      it stays where it is and is no longer offered.
    </DeleteRecord>
  );
}
