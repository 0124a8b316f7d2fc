-- E-mails that carried a document to its customer: to whom, when, by whom, and what came of it.

CREATE TABLE document_emails (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  document_id uuid NOT NULL,
  recipients text[] NOT NULL CHECK (cardinality(recipients) > 0),
  subject text NOT NULL,
  -- 'sending' is written before the mail server is asked: what still stands so much later may or may not have arrived.
  status text NOT NULL DEFAULT 'sending' CHECK (status IN ('sending', 'sent', 'failed')),
  -- What the mail server answered, or its id of the message.
  detail text,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  finished_at timestamptz,
  CONSTRAINT document_emails_finished CHECK ((status = 'sending') = (finished_at IS NULL)),
  -- What was sent was a posted document, which is never deleted.
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id)
);
CREATE INDEX document_emails_document ON document_emails (document_id, created_at);

CALL isolate_by_organization('document_emails');
