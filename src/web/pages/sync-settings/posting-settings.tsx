import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { apiQuery } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { Note, Problem } from '../../parts/note.tsx';
import { useEntities } from '../../shell/books-scope.ts';
import { useConnection } from '../connection/use-connection.ts';
import { SwitchSetting } from '../mapping/choice.tsx';
import type { LoadedEditor } from '../mapping/use-configuration-draft.ts';
import { AmountLimits } from './amount-limits.tsx';
import { CustomerList } from './customer-list.tsx';

/** Whether a sync posts what it makes, up to which amounts, and for whom. */
export function PostingSettings({ editor }: { readonly editor: LoadedEditor }) {
  const { connectionId } = useParams({ from: '/app/settings/integrations/$connector/$connectionId' });
  const entityId = useConnection(connectionId).data?.entity.id;
  const entity = useEntities().find(({ id }) => id === entityId);
  const offer = useQuery(apiQuery('getAutoPostOffer', { params: { id: connectionId } }));
  const { enabled } = editor.settings.autoPost;
  return (
    <section className="card stack" aria-labelledby="posting">
      <h2 id="posting" style={{ margin: 0 }}>
        Posting
      </h2>
      <Problem error={offer.error} />
      {offer.data?.offered && !enabled ? (
        <Note
          tone="info"
          title={`${countOf(offer.data.postedUnchanged, 'draft')} of this connection went out as the sync made them`}
          action={
            editor.readOnly ? null : (
              <Button variant="default" size="sm" onClick={() => editor.set(['autoPost', 'enabled'], true)}>
                Switch it on
              </Button>
            )
          }
        >
          The sync can post such drafts by itself. Give it a limit below, and whatever is above waits for a
          person.
        </Note>
      ) : null}
      <SwitchSetting
        editor={editor}
        path={['autoPost', 'enabled']}
        label="A sync posts the drafts that it makes"
        description="Off: a person posts them. On: those within the limits below; one that cannot be posted stays a draft, and the run says why."
      />
      {enabled ? (
        <>
          <AmountLimits editor={editor} baseCurrency={entity?.baseCurrency} />
          <div className="columns">
            <CustomerList
              editor={editor}
              path={['autoPost', 'onlyCustomers']}
              label="Only for these customers"
              empty="For all customers."
              entityId={entityId}
            />
            <CustomerList
              editor={editor}
              path={['autoPost', 'exceptCustomers']}
              label="Never for these customers"
              empty="No customer is left out."
              entityId={entityId}
            />
          </div>
        </>
      ) : null}
    </section>
  );
}
