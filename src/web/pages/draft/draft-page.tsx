import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { CustomerPicker } from '../../parts/customer-picker.tsx';
import { DraftLinesEditor } from './draft-lines-editor.tsx';
import { emptyLine, lineFromWire, lineToWire } from './edited-line.ts';

const toInvoices = (
  <Link key="list" to="/invoices">
    Invoices
  </Link>
);

export function NewInvoicePage() {
  const entity = useOneEntity();
  return (
    <>
      <PageHeader
        title="New invoice"
        crumbs={[toInvoices]}
        lead={`A draft in the books of ${entity?.name ?? ''}. Nothing reaches the journal before it is posted.`}
      />
      <DraftForm entityId={entity?.id} document={null} />
    </>
  );
}

export function EditInvoicePage() {
  const { documentId } = useParams({ from: '/app/invoices/$documentId/edit' });
  const query = useQuery(apiQuery('getDocument', { params: { id: documentId } }));
  return (
    <>
      <PageHeader title="Edit draft" crumbs={[toInvoices]} lead={query.data?.customer.name ?? null} />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={8} /> : null}
      {query.data ? <DraftForm entityId={query.data.entityId} document={query.data} /> : null}
    </>
  );
}

interface DraftFormProps {
  readonly entityId: string | undefined;
  /** The draft that is edited; null: a new one. */
  readonly document: DocumentWire | null;
}

function DraftForm({ entityId, document }: DraftFormProps) {
  const navigate = useNavigate();
  const [customerId, setCustomerId] = useState(document?.customer.id ?? null);
  const [texts, setTexts] = useState({
    documentDate: document?.documentDate ?? '',
    dueDate: document?.dueDate ?? '',
    currency: document?.currency ?? '',
    description: document?.description ?? '',
    memo: document?.memo ?? '',
  });
  const [former] = useState(() => document?.lines.map(lineFromWire) ?? [emptyLine()]);
  const [lines, setLines] = useState<readonly (typeof former)[number][]>(former);
  const show = ({ id }: { readonly id: string }): void =>
    void navigate({ to: '/invoices/$documentId', params: { documentId: id } });
  const create = useApiMutation('createDocument', { changes: 'all', onDone: show });
  const update = useApiMutation('updateDocument', { changes: 'all', onDone: show });
  const save = (): void => {
    const { documentDate, dueDate, currency, description, memo } = texts;
    const body = {
      ...(documentDate === '' ? {} : { documentDate }),
      ...(dueDate === '' ? {} : { dueDate }),
      ...(currency === '' ? {} : { currency }),
      description,
      memo: memo === '' ? null : memo,
    };
    // Lines that nobody touched keep their amounts to the last digit.
    const isTouched = lines !== former || currency !== document?.currency;
    if (document) {
      const changed = {
        ...(isTouched ? { lines: lines.map(lineToWire) } : {}),
        ...(customerId === null || customerId === document.customer.id ? {} : { customerId }),
      };
      update.mutate({
        params: { id: document.id },
        body: { version: document.version, ...body, ...changed },
      });
    } else if (customerId !== null) {
      create.mutate({ body: { ...body, customerId, lines: lines.map(lineToWire) } });
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Problem error={create.error ?? update.error} />
      <section className="card columns" style={{ gap: '0.75rem' }} aria-label="About the invoice">
        <CustomerPicker
          label="Customer"
          entityId={entityId}
          first={document?.customer}
          value={customerId}
          change={setCustomerId}
        />
        {fields.map(({ field, label, type, description }) => (
          <TextInput
            key={field}
            label={label}
            type={type}
            description={document ? undefined : description}
            value={texts[field]}
            onChange={(event) => setTexts({ ...texts, [field]: event.currentTarget.value })}
          />
        ))}
        <Textarea
          label="Memo"
          autosize
          maxLength={5000}
          value={texts.memo}
          onChange={(event) => setTexts({ ...texts, memo: event.currentTarget.value })}
        />
      </section>
      <DraftLinesEditor entityId={entityId} lines={lines} change={setLines} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" disabled={customerId === null} loading={create.isPending || update.isPending}>
          Save draft
        </Button>
      </div>
    </form>
  );
}

const fields = [
  { field: 'description', label: 'Description', type: 'text', description: undefined },
  { field: 'documentDate', label: 'Document date', type: 'date', description: 'Empty: today.' },
  { field: 'dueDate', label: 'Due date', type: 'date', description: 'Empty: by the customer’s terms.' },
  { field: 'currency', label: 'Currency', type: 'text', description: 'Empty: the entity’s.' },
] as const;
