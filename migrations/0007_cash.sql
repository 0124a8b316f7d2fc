-- Cash and settlement: receipts, what settles a document (a receipt, a credit note, a write-off, a refund), credit notes of an invoice,
-- disputes. What is open on a posted document is what its journal lines say, and what its live settlements say: all three are
-- compared when the transaction commits.

ALTER TABLE number_series DROP CONSTRAINT number_series_kind_check;
ALTER TABLE number_series ADD CONSTRAINT number_series_kind_check CHECK (kind IN ('invoice', 'credit_note', 'contract', 'sales_order', 'receipt'));
INSERT INTO number_series (organization_id, entity_id, kind, prefix)
SELECT e.organization_id, e.id, 'receipt', 'RCT-' FROM entities e
ON CONFLICT (entity_id, kind) DO NOTHING;

------------------------------------------------------------------------------------------------------------------------
-- Documents: which invoice a credit note takes back, and disputes

ALTER TABLE documents ADD COLUMN credits_document_id uuid;
ALTER TABLE documents ADD COLUMN disputed_at timestamptz;
ALTER TABLE documents ADD COLUMN disputed_by text;
ALTER TABLE documents ADD COLUMN dispute_reason text CHECK (length(dispute_reason) BETWEEN 1 AND 1000);
ALTER TABLE documents ADD CONSTRAINT documents_credits_fkey
  FOREIGN KEY (organization_id, credits_document_id) REFERENCES documents (organization_id, id);
ALTER TABLE documents ADD CONSTRAINT documents_credits_kind CHECK (credits_document_id IS NULL OR kind = 'credit_note');
ALTER TABLE documents ADD CONSTRAINT documents_dispute_whole CHECK (
  num_nulls(disputed_at, disputed_by, dispute_reason) IN (0, 3) AND (disputed_at IS NULL OR kind = 'invoice')
);
CREATE INDEX documents_credits ON documents (credits_document_id) WHERE credits_document_id IS NOT NULL;
-- The open documents of a customer: what a payment is proposed to settle.
CREATE INDEX documents_customer_open ON documents (customer_id, due_date) WHERE status IN ('posted', 'partly_paid');

-- The line of the invoice that a credit note's line takes back.
ALTER TABLE document_lines ADD COLUMN credits_position integer CHECK (credits_position > 0);

------------------------------------------------------------------------------------------------------------------------
-- Receipts

CREATE TABLE receipts (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  number text NOT NULL,
  status text NOT NULL DEFAULT 'posted' CHECK (status IN ('posted', 'reversed')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
  -- The same in the entity's base currency, at the rate of the day or as the bank credited it.
  base_minor bigint NOT NULL CHECK (base_minor BETWEEN 0 AND 1000000000000000),
  exchange_rate numeric NOT NULL CHECK (exchange_rate > 0),
  received_on date NOT NULL CHECK (isfinite(received_on)),
  bank_account_id uuid NOT NULL,
  -- Where the liability of what is unapplied stands, whatever account plays the part later.
  prepayment_account_id uuid NOT NULL,
  method text NOT NULL CHECK (method IN ('bank_transfer', 'card', 'direct_debit', 'check', 'cash', 'other')),
  reference text CHECK (length(reference) <= 200),
  -- Not yet allocated nor refunded.
  unapplied_minor bigint NOT NULL,
  unapplied_base_minor bigint NOT NULL CHECK (unapplied_base_minor >= 0),
  entry_id uuid NOT NULL UNIQUE,
  reversal_entry_id uuid UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  reversed_at timestamptz,
  reversed_by text,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT receipts_unapplied CHECK (unapplied_minor BETWEEN 0 AND amount_minor),
  CONSTRAINT receipts_reversed_whole CHECK (
    (status = 'reversed') = (reversal_entry_id IS NOT NULL) AND num_nulls(reversal_entry_id, reversed_at, reversed_by) IN (0, 3)
  ),
  UNIQUE (organization_id, id),
  UNIQUE (entity_id, number),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id),
  FOREIGN KEY (organization_id, bank_account_id) REFERENCES accounts (organization_id, id),
  FOREIGN KEY (organization_id, prepayment_account_id) REFERENCES accounts (organization_id, id),
  FOREIGN KEY (organization_id, entry_id) REFERENCES journal_entries (organization_id, id),
  FOREIGN KEY (organization_id, reversal_entry_id) REFERENCES journal_entries (organization_id, id)
);
CREATE INDEX receipts_date ON receipts (entity_id, received_on, id);
CREATE INDEX receipts_customer ON receipts (customer_id);

------------------------------------------------------------------------------------------------------------------------
-- Settlements

CREATE TABLE settlements (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('receipt', 'credit_note', 'write_off', 'refund')),
  -- What it is taken from: a receipt, a credit note, or (a write-off) nothing but the result.
  receipt_id uuid,
  credit_note_id uuid,
  -- The invoice that it settles; null: money that went back to the customer.
  document_id uuid,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
  -- Shares in the base currency: of what the source was carried at, and of what the invoice was. A refund's second is what the bank paid.
  source_base_minor bigint NOT NULL CHECK (source_base_minor BETWEEN 0 AND 1000000000000000),
  target_base_minor bigint NOT NULL CHECK (target_base_minor BETWEEN 0 AND 1000000000000000),
  settled_on date NOT NULL CHECK (isfinite(settled_on)),
  reason text CHECK (length(reason) BETWEEN 1 AND 1000),
  entry_id uuid NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  undone_at timestamptz,
  undone_by text,
  undone_entry_id uuid UNIQUE,
  CONSTRAINT settlements_parties CHECK (
    CASE kind
      WHEN 'receipt' THEN receipt_id IS NOT NULL AND credit_note_id IS NULL AND document_id IS NOT NULL
      WHEN 'credit_note' THEN receipt_id IS NULL AND credit_note_id IS NOT NULL AND document_id IS NOT NULL
      WHEN 'write_off' THEN receipt_id IS NULL AND credit_note_id IS NULL AND document_id IS NOT NULL AND reason IS NOT NULL
      ELSE num_nulls(receipt_id, credit_note_id) = 1 AND document_id IS NULL
    END
  ),
  CONSTRAINT settlements_undone_whole CHECK (num_nulls(undone_at, undone_by, undone_entry_id) IN (0, 3)),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, receipt_id) REFERENCES receipts (organization_id, id),
  FOREIGN KEY (organization_id, credit_note_id) REFERENCES documents (organization_id, id),
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id),
  FOREIGN KEY (organization_id, entry_id) REFERENCES journal_entries (organization_id, id),
  FOREIGN KEY (organization_id, undone_entry_id) REFERENCES journal_entries (organization_id, id)
);
CREATE INDEX settlements_document ON settlements (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX settlements_credit_note ON settlements (credit_note_id) WHERE credit_note_id IS NOT NULL;
CREATE INDEX settlements_receipt ON settlements (receipt_id) WHERE receipt_id IS NOT NULL;

CREATE TRIGGER receipts_kept BEFORE DELETE OR TRUNCATE ON receipts EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlements_kept BEFORE DELETE OR TRUNCATE ON settlements EXECUTE FUNCTION refuse_change();

CREATE FUNCTION check_receipt_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Receipt % is posted: its figures never change, and it is reversed once', OLD.number
    USING ERRCODE = 'restrict_violation', HINT = 'Reverse it and record another one.';
END
$$;
CREATE TRIGGER receipts_change BEFORE UPDATE ON receipts FOR EACH ROW
  WHEN (
    OLD.status = 'reversed'
    OR (OLD.id, OLD.organization_id, OLD.entity_id, OLD.number, OLD.currency, OLD.amount_minor, OLD.base_minor, OLD.exchange_rate,
        OLD.received_on, OLD.bank_account_id, OLD.prepayment_account_id, OLD.method, OLD.reference, OLD.entry_id, OLD.created_at, OLD.created_by)
      IS DISTINCT FROM
      (NEW.id, NEW.organization_id, NEW.entity_id, NEW.number, NEW.currency, NEW.amount_minor, NEW.base_minor, NEW.exchange_rate,
       NEW.received_on, NEW.bank_account_id, NEW.prepayment_account_id, NEW.method, NEW.reference, NEW.entry_id, NEW.created_at, NEW.created_by)
  )
  EXECUTE FUNCTION check_receipt_change();

CREATE FUNCTION check_settlement_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Settlement % never changes, and is undone once', OLD.id USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER settlements_change BEFORE UPDATE ON settlements FOR EACH ROW
  WHEN (
    OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
    OR (OLD.id, OLD.organization_id, OLD.entity_id, OLD.kind, OLD.receipt_id, OLD.credit_note_id, OLD.document_id, OLD.currency,
        OLD.amount_minor, OLD.source_base_minor, OLD.target_base_minor, OLD.settled_on, OLD.reason, OLD.entry_id, OLD.created_at,
        OLD.created_by)
      IS DISTINCT FROM
      (NEW.id, NEW.organization_id, NEW.entity_id, NEW.kind, NEW.receipt_id, NEW.credit_note_id, NEW.document_id, NEW.currency,
       NEW.amount_minor, NEW.source_base_minor, NEW.target_base_minor, NEW.settled_on, NEW.reason, NEW.entry_id, NEW.created_at,
       NEW.created_by)
  )
  EXECUTE FUNCTION check_settlement_change();

-- A receipt's entry is its own, of its day and amount; reversed, the reversal is that of its entry.
CREATE FUNCTION check_receipt() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF (
    EXISTS (
      SELECT FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
      WHERE e.id = NEW.entry_id AND e.entity_id = NEW.entity_id AND e.kind = 'receipt' AND e.entry_date = NEW.received_on
        AND l.account_id = NEW.bank_account_id AND l.currency = NEW.currency AND l.debit_minor = NEW.amount_minor
        AND l.base_debit_minor = NEW.base_minor
    )
    AND EXISTS (
      SELECT FROM journal_lines l
      WHERE l.entry_id = NEW.entry_id AND l.account_id = NEW.prepayment_account_id AND l.currency = NEW.currency
        AND l.credit_minor = NEW.amount_minor AND l.base_credit_minor = NEW.base_minor
    )
    AND (SELECT c.entity_id FROM customers c WHERE c.id = NEW.customer_id) = NEW.entity_id
    AND (SELECT a.type FROM accounts a WHERE a.id = NEW.bank_account_id AND a.entity_id = NEW.entity_id) = 'asset'
    AND (NEW.reversal_entry_id IS NULL OR EXISTS (
      SELECT FROM journal_entries r WHERE r.id = NEW.reversal_entry_id AND r.reverses_entry_id = NEW.entry_id
    ))
  ) IS NOT TRUE THEN
    RAISE EXCEPTION 'Receipt % does not agree with its journal entry, or names something of another entity', NEW.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER receipts_agree AFTER INSERT OR UPDATE ON receipts FOR EACH ROW EXECUTE FUNCTION check_receipt();

-- A settlement names documents and a receipt of one entity, currency and (when it is made) customer, and an entry that moves its amount.
CREATE FUNCTION check_settlement() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  parties uuid[];
BEGIN
  IF (
    (SELECT e.entity_id = NEW.entity_id AND e.entry_date = NEW.settled_on
       AND e.kind = CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'settlement' END
     FROM journal_entries e WHERE e.id = NEW.entry_id)
    AND (NEW.document_id IS NULL OR NEW.amount_minor = (
      SELECT sum(l.credit_minor - l.debit_minor) FROM journal_lines l
      WHERE l.entry_id = NEW.entry_id AND l.document_id = NEW.document_id
    ))
    AND (NEW.credit_note_id IS NULL OR NEW.amount_minor = (
      SELECT sum(l.debit_minor - l.credit_minor) FROM journal_lines l
      WHERE l.entry_id = NEW.entry_id AND l.document_id = NEW.credit_note_id
    ))
    AND (NEW.undone_entry_id IS NULL OR EXISTS (
      SELECT FROM journal_entries r WHERE r.id = NEW.undone_entry_id AND r.reverses_entry_id = NEW.entry_id
    ))
    AND (NEW.document_id IS NULL OR EXISTS (
      SELECT FROM documents d
      WHERE d.id = NEW.document_id AND d.entity_id = NEW.entity_id AND d.currency = NEW.currency AND d.kind = 'invoice'
    ))
    AND (NEW.credit_note_id IS NULL OR EXISTS (
      SELECT FROM documents d
      WHERE d.id = NEW.credit_note_id AND d.entity_id = NEW.entity_id AND d.currency = NEW.currency AND d.kind = 'credit_note'
    ))
    AND (NEW.receipt_id IS NULL OR EXISTS (
      SELECT FROM receipts r WHERE r.id = NEW.receipt_id AND r.entity_id = NEW.entity_id AND r.currency = NEW.currency
    ))
  ) IS NOT TRUE THEN
    RAISE EXCEPTION 'Settlement % does not agree with its journal entry, or names something of another entity, kind or currency', NEW.id
      USING ERRCODE = 'check_violation';
  END IF;
  parties := ARRAY(
    SELECT d.customer_id FROM documents d WHERE d.id IN (NEW.document_id, NEW.credit_note_id)
    UNION SELECT r.customer_id FROM receipts r WHERE r.id = NEW.receipt_id
  );
  IF TG_OP = 'INSERT' AND cardinality(parties) <> 1 THEN
    RAISE EXCEPTION 'Settlement % names two customers', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER settlements_agree AFTER INSERT OR UPDATE ON settlements FOR EACH ROW EXECUTE FUNCTION check_settlement();

------------------------------------------------------------------------------------------------------------------------
-- Open amounts: document, journal and settlements say the same at the end of a transaction

-- One document costs three look-ups by index. It is asked for each document that was posted or settled, so that posting 10,000
-- invoices costs 10,000 times the same.
CREATE FUNCTION check_open_amount(checked_id uuid) RETURNS void
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  document record;
  booked numeric;
  settled record;
BEGIN
  SELECT d.kind, d.status, coalesce(d.number, d.id::text) AS name, d.total_minor, d.open_minor INTO document
  FROM documents d WHERE d.id = checked_id AND d.kind IN ('invoice', 'credit_note');
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT coalesce(sum(l.debit_minor) - sum(l.credit_minor), 0) INTO booked FROM journal_lines l WHERE l.document_id = checked_id;
  IF document.kind = 'credit_note' THEN
    booked := -booked;
  END IF;
  SELECT coalesce(sum(s.amount_minor), 0) AS amount, bool_or(s.kind = 'write_off') AS written_off, bool_or(s.kind = 'receipt') AS paid
  INTO settled FROM (
    SELECT s.amount_minor, s.kind FROM settlements s WHERE s.document_id = checked_id AND s.undone_at IS NULL
    UNION ALL
    SELECT s.amount_minor, s.kind FROM settlements s WHERE s.credit_note_id = checked_id AND s.undone_at IS NULL
  ) s;
  IF document.status IN ('draft', 'reversed') THEN
    IF booked <> 0 OR settled.amount <> 0 THEN
      RAISE EXCEPTION 'Document % is %, but something is booked or settled on it', document.name, document.status
        USING ERRCODE = 'check_violation', HINT = 'Undo the settlements first.';
    END IF;
    IF document.status = 'reversed' AND EXISTS (
      SELECT FROM documents c WHERE c.credits_document_id = checked_id AND c.status NOT IN ('draft', 'reversed')
    ) THEN
      RAISE EXCEPTION 'Document % is reversed, but a credit note of it is posted', document.name
        USING ERRCODE = 'check_violation', HINT = 'Reverse the credit note first.';
    END IF;
    RETURN;
  END IF;
  IF booked <> document.open_minor OR settled.amount <> document.total_minor - document.open_minor THEN
    RAISE EXCEPTION 'Of document % % are open, but its journal lines come to % and its settlements to %',
      document.name, document.open_minor, booked, settled.amount USING ERRCODE = 'check_violation';
  END IF;
  IF document.status <> (CASE
    WHEN document.open_minor = document.total_minor THEN 'posted'
    WHEN document.open_minor > 0 THEN 'partly_paid'
    WHEN settled.written_off THEN 'written_off'
    WHEN settled.paid THEN 'paid'
    ELSE 'credited'
  END) THEN
    RAISE EXCEPTION 'Document % is %, which is not what its settlements say', document.name, document.status
      USING ERRCODE = 'check_violation';
  END IF;
END
$$;

CREATE FUNCTION check_open_amount_of_line() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_open_amount(NEW.document_id);
  RETURN NULL;
END
$$;
-- A revaluation moves base amounts only, which leaves what is open as it is.
CREATE CONSTRAINT TRIGGER journal_lines_open_amount AFTER INSERT ON journal_lines
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.document_id IS NOT NULL AND NEW.debit_minor <> NEW.credit_minor) EXECUTE FUNCTION check_open_amount_of_line();

CREATE FUNCTION check_open_amount_of_document() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_open_amount(NEW.id);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER documents_open_amount AFTER UPDATE ON documents
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status <> OLD.status OR (NEW.status <> 'draft' AND NEW.open_minor <> OLD.open_minor))
  EXECUTE FUNCTION check_open_amount_of_document();

-- Never less than nothing: receipts_unapplied says so.
CREATE FUNCTION check_unapplied_amount(checked_id uuid) RETURNS void
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  receipt record;
  applied record;
BEGIN
  SELECT r.number, r.status, r.amount_minor, r.base_minor, r.unapplied_minor, r.unapplied_base_minor INTO receipt
  FROM receipts r WHERE r.id = checked_id;
  SELECT coalesce(sum(s.amount_minor), 0) AS amount, coalesce(sum(s.source_base_minor), 0) AS base INTO applied
  FROM settlements s WHERE s.receipt_id = checked_id AND s.undone_at IS NULL;
  IF (CASE receipt.status
    WHEN 'reversed' THEN (receipt.unapplied_minor, receipt.unapplied_base_minor, applied.amount) = (0, 0, 0)
    ELSE (receipt.unapplied_minor, receipt.unapplied_base_minor)
      = (receipt.amount_minor - applied.amount, receipt.base_minor - applied.base)
  END) IS NOT TRUE THEN
    RAISE EXCEPTION 'Of receipt % % are unapplied, which is not what its allocations and refunds leave', receipt.number, receipt.unapplied_minor
      USING ERRCODE = 'check_violation';
  END IF;
END
$$;

CREATE FUNCTION check_unapplied_amount_of_receipt() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_unapplied_amount(NEW.id);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER receipts_unapplied_amount AFTER INSERT OR UPDATE ON receipts
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_unapplied_amount_of_receipt();

CREATE FUNCTION check_amounts_of_settlement() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_open_amount(NEW.document_id), check_open_amount(NEW.credit_note_id);
  IF NEW.receipt_id IS NOT NULL THEN
    PERFORM check_unapplied_amount(NEW.receipt_id);
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER settlements_amounts AFTER INSERT OR UPDATE ON settlements
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_amounts_of_settlement();

-- Credit notes of an invoice, drafts too, never come to more than the invoice. Whoever writes one holds the invoice first, so that two
-- at once see each other.
CREATE FUNCTION check_credited_amount() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  invoice record;
BEGIN
  SELECT d.number, d.kind, d.status, d.entity_id, d.currency, d.customer_id, d.total_minor INTO invoice
  FROM documents d WHERE d.id = NEW.credits_document_id FOR NO KEY UPDATE;
  IF (invoice.kind, invoice.entity_id, invoice.currency) IS DISTINCT FROM ('invoice', NEW.entity_id, NEW.currency) THEN
    RAISE EXCEPTION 'A credit note is of an invoice of its own entity and currency' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status NOT IN ('draft', 'reversed') AND invoice.status IN ('draft', 'reversed') THEN
    RAISE EXCEPTION 'Invoice % is %: there is nothing to credit', invoice.number, invoice.status USING ERRCODE = 'check_violation';
  END IF;
  IF invoice.total_minor < (
    SELECT sum(c.total_minor) FROM documents c WHERE c.credits_document_id = NEW.credits_document_id AND c.status <> 'reversed'
  ) THEN
    RAISE EXCEPTION 'The credit notes of invoice % come to more than it', invoice.number
      USING ERRCODE = 'check_violation', HINT = 'Credit at most what is left.';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER documents_credited_amount AFTER INSERT ON documents
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.credits_document_id IS NOT NULL) EXECUTE FUNCTION check_credited_amount();
CREATE CONSTRAINT TRIGGER documents_credited_amount_changed AFTER UPDATE ON documents
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status = 'draft' AND NEW.credits_document_id IS NOT NULL) EXECUTE FUNCTION check_credited_amount();

CREATE FUNCTION check_credited_document() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Which invoice credit note % is of never changes once it is posted', OLD.number USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER documents_credited_document BEFORE UPDATE ON documents FOR EACH ROW
  WHEN (OLD.status <> 'draft' AND OLD.credits_document_id IS DISTINCT FROM NEW.credits_document_id)
  EXECUTE FUNCTION check_credited_document();

CALL isolate_by_organization('receipts');
CALL isolate_by_organization('settlements');
