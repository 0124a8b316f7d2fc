import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import type { ResponseOf } from '../../../contract/client.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { InstantText } from '../../parts/date-text.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { useCan } from '../../shell/session.ts';

type Emails = ResponseOf<'listDocumentEmails'>;

/** To whom the document went by e-mail, and the form that sends it. */
export function DocumentEmails({ document }: { readonly document: DocumentWire }) {
  const query = useQuery(apiQuery('listDocumentEmails', { params: { id: document.id } }));
  const [isOpen, setOpen] = useState(false);
  const canSend = useCan('post');
  const emails = query.data;
  return (
    <section className="sheet" aria-labelledby="emails">
      <div className="row row-between">
        <h2 id="emails" style={{ marginTop: 0 }}>
          E-mail
        </h2>
        {emails?.configured && canSend && !isOpen ? (
          <Button variant="default" size="xs" onClick={() => setOpen(true)}>
            E-mail it
          </Button>
        ) : null}
      </div>
      <Problem error={query.error} />
      {emails ? <EmailHistory emails={emails} /> : null}
      {emails && isOpen ? (
        <EmailForm documentId={document.id} emails={emails} close={() => setOpen(false)} />
      ) : null}
    </section>
  );
}

const statusWords = { sending: 'Not known whether it arrived', sent: 'Sent', failed: 'Not sent' };

function EmailHistory({ emails }: { readonly emails: Emails }) {
  if (emails.data.length === 0)
    return (
      <p className="soft" style={{ margin: 0 }}>
        {emails.configured
          ? 'It was not e-mailed yet.'
          : 'No mail server is set: save the PDF and send it yourself, or set SMTP_URL and start again.'}
      </p>
    );
  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.1rem' }}>
      {emails.data.map(({ id, to, status, error, createdAt }) => (
        <li key={id}>
          {statusWords[status]}: {to.join(', ')} <InstantText instant={createdAt} />
          {error === null ? null : <div className="soft small">{error}</div>}
        </li>
      ))}
    </ul>
  );
}

interface EmailFormProps {
  readonly documentId: string;
  readonly emails: Emails;
  readonly close: () => void;
}

function EmailForm({ documentId, emails, close }: EmailFormProps) {
  const { proposal, from } = emails;
  const [to, setTo] = useState(proposal.to.join(', '));
  const [subject, setSubject] = useState(proposal.subject);
  const [message, setMessage] = useState(proposal.message);
  const send = useApiMutation('sendDocument', { changes: ['listDocumentEmails'], onDone: close });
  const recipients = to
    .split(/[,;\s]+/)
    .map((address) => address.trim())
    .filter((address) => address !== '');
  return (
    <form
      className="stack"
      style={{ marginTop: '0.75rem' }}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ params: { id: documentId }, body: { to: recipients, subject, message } });
      }}
    >
      <TextInput
        label="To"
        description="Several addresses with commas between."
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        required
      />
      <TextInput
        label="Subject"
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
        maxLength={200}
        required
      />
      <Textarea
        label="Message"
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
        autosize
        minRows={5}
        maxRows={14}
        maxLength={5000}
      />
      {recipients.length === 0 ? (
        <Note tone="info">The customer has no e-mail address: give one.</Note>
      ) : null}
      <Problem error={send.error} title="It was not sent." />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <span className="soft small">From {from}, with the PDF.</span>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={send.isPending} disabled={recipients.length === 0}>
          Send
        </Button>
      </div>
    </form>
  );
}
