import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { pageLimitMax } from '../../../contract/wire.ts';
import { accountRoles } from '../../../model/configuration.ts';
import { apiQuery } from '../../api/query.ts';
import { accountRoleWords } from '../../format/words.ts';
import { Problem } from '../../parts/note.tsx';
import { useConnection } from '../connection/use-connection.ts';
import { Choice, SwitchSetting } from '../mapping/choice.tsx';
import { ConfigurationPage, type SourceSchema } from '../mapping/configuration-page.tsx';
import { FilterBuilder } from '../mapping/filter-builder.tsx';
import { ProblemList } from '../mapping/problem-list.tsx';
import { type LoadedEditor, problemsOf } from '../mapping/use-configuration-draft.ts';
import { HistorySettings } from './history-settings.tsx';
import { ContractSettings } from './contract-settings.tsx';
import { PostingSettings } from './posting-settings.tsx';
import { TriggerSettings } from './trigger-settings.tsx';

/** Rules that the configuration knows and this version refuses. */
const notYet = { description: 'Not in this version.', isDisabled: true };

export function SyncSettings() {
  return (
    <ConfigurationPage intro="Which deals make a document, what kind, and what happens when something changes.">
      {(editor, schema) => <Sections editor={editor} schema={schema} />}
    </ConfigurationPage>
  );
}

interface SectionsProps {
  readonly editor: LoadedEditor;
  readonly schema: SourceSchema;
}

function Sections({ editor, schema }: SectionsProps) {
  const dealProperties = schema.properties['deal'] ?? [];
  return (
    <>
      <section className="card" aria-labelledby="which">
        <h2 id="which">Which deals</h2>
        <SwitchSetting
          editor={editor}
          path={['deals', 'enabled']}
          label="Deals make documents"
          description="Off: nothing is made or changed; what was made stays."
        />
        <div className="columns">
          <TriggerSettings editor={editor} properties={dealProperties} />
          <HistorySettings editor={editor} />
          <MinimumAmount editor={editor} />
        </div>
        <h3 style={{ marginTop: '1rem' }}>Only deals that pass all of these</h3>
        <FilterBuilder
          editor={editor}
          path={['deals', 'filters']}
          label="Deals that pass"
          properties={dealProperties}
        />
      </section>
      <section className="card" aria-labelledby="what">
        <h2 id="what">What they make</h2>
        <div className="columns">
          <Choice
            editor={editor}
            path={['deals', 'kind']}
            label="A deal makes"
            options={[
              { value: 'invoice', label: 'an invoice, as a draft' },
              {
                value: 'contract',
                label: 'a revenue contract, as a draft',
              },
              {
                value: 'sales_order',
                label: 'a sales order',
                ...notYet,
              },
            ]}
          />
          <ContractSettings editor={editor} />
          <Choice
            editor={editor}
            path={['deals', 'amountPolicy']}
            label="When the lines do not add up to the deal’s amount"
            options={[
              { value: 'lines', label: 'the lines win, and a warning says by how much' },
              { value: 'amount', label: 'the amount wins, with one line that makes up the difference' },
            ]}
          />
          <Choice
            editor={editor}
            path={['deals', 'noCompany']}
            label="A deal without a company"
            options={[
              { value: 'fail', label: 'fails, until it has one' },
              { value: 'contact', label: 'takes its primary contact as a person customer' },
              { value: 'placeholder', label: 'goes to one placeholder customer' },
            ]}
          />
          <Choice
            editor={editor}
            path={['lockedPeriod']}
            label="A document date in a closed period"
            options={[
              { value: 'fail', label: 'fails, and nothing is written' },
              { value: 'first_open_date', label: 'becomes the first open date' },
            ]}
          />
        </div>
      </section>
      <section className="card" aria-labelledby="customers">
        <h2 id="customers">Customers</h2>
        <Choice
          editor={editor}
          path={['customers', 'matching']}
          label="A company that is no customer yet"
          options={[
            {
              value: 'name',
              label: 'takes a customer of the same name, else makes one',
              description: 'Case, punctuation and legal suffixes do not count.',
            },
            { value: 'external_id', label: 'takes the customer with the same external id, else makes one' },
            { value: 'create', label: 'always makes one' },
            { value: 'match_only', label: 'takes one of the same name and never makes one' },
          ]}
        />
      </section>
      <section className="card" aria-labelledby="changes">
        <h2 id="changes">When something changes</h2>
        <div className="columns">
          <Choice
            editor={editor}
            path={['deals', 'onChange']}
            label="A deal that changes after its invoice was made"
            options={[
              { value: 'update', label: 'updates the draft; after posting it is held for review' },
              { value: 'new', label: 'makes a new invoice', ...notYet },
              { value: 'hold', label: 'is held for review', ...notYet },
            ]}
          />
          <Choice
            editor={editor}
            path={['conflicts']}
            label="A field that was changed on both sides"
            options={[
              { value: 'source_wins', label: 'takes the CRM’s value' },
              { value: 'ledger_wins', label: 'keeps the books’ value', ...notYet },
              { value: 'hold', label: 'is held for review', ...notYet },
            ]}
          />
          <Choice
            editor={editor}
            path={['schedule', 'mode']}
            label="It syncs"
            options={[{ value: 'manual', label: 'when someone presses Sync now, or the API is asked to' }]}
          />
        </div>
      </section>
      <PostingSettings editor={editor} />
      <AccountSettings editor={editor} />
    </>
  );
}

function MinimumAmount({ editor }: { readonly editor: LoadedEditor }) {
  const path = ['deals', 'minimumAmount'];
  return (
    <div className="stack-tight">
      <TextInput
        label="Minimum amount"
        description="In the deal’s currency; deals below it make nothing."
        placeholder="None"
        inputMode="decimal"
        disabled={editor.readOnly}
        value={editor.settings.deals.minimumAmount ?? ''}
        onChange={(event) => {
          const text = event.currentTarget.value.trim();
          editor.set(path, text === '' ? null : text);
        }}
      />
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
    </div>
  );
}

function AccountSettings({ editor }: { readonly editor: LoadedEditor }) {
  const { connectionId } = useParams({ from: '/app/settings/integrations/$connector/$connectionId' });
  const entityId = useConnection(connectionId).data?.entity.id;
  const accounts = useQuery({
    ...apiQuery('listAccounts', { query: { entityId, limit: pageLimitMax } }),
    enabled: entityId !== undefined,
  });
  const all = accounts.data?.data ?? [];
  return (
    <section className="card stack-tight" aria-labelledby="accounts">
      <h2 id="accounts">Accounts</h2>
      <p className="soft" style={{ margin: 0 }}>
        Where this connection differs from what its entity uses.
      </p>
      <Problem error={accounts.error} />
      <div className="columns" style={{ gap: '0.75rem' }}>
        {accountRoles.map((role) => {
          const own = all.find(({ roles }) => roles.includes(role));
          const problems = problemsOf(editor, `accounts.${role}`);
          return (
            <div key={role} className="stack-tight">
              <Select
                label={accountRoleWords[role]}
                searchable
                clearable
                clearButtonProps={{ 'aria-label': `${accountRoleWords[role]} as the entity has it` }}
                disabled={editor.readOnly}
                placeholder={own ? `As the entity has it: ${own.number} ${own.name}` : 'The entity has none'}
                data={all
                  .filter(({ active }) => active)
                  .map(({ number, name }) => ({ value: number, label: `${number} ${name}` }))}
                value={editor.settings.accounts[role] ?? null}
                onChange={(number) => editor.set(['accounts', role], number ?? undefined)}
              />
              <ProblemList problems={problems} />
            </div>
          );
        })}
      </div>
    </section>
  );
}
