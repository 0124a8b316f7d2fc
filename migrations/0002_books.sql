-- The books: accounts, customers, items, documents, journal. What must never break is refused here as well as in the code:
-- the application's role has plain DML on these tables and nothing in this file trusts it. src/ledger/README.md lists the
-- invariants and the test that tries to break each.
--
-- Checks of bulk inserts run once a statement over its transition table, not once a row (10,000 invoices with 30,000 lines are two
-- statements). Their functions set enable_seqscan off: a plan made while a table was small stays cached in the session and
-- would go on scanning the whole table; the embedded store has no autovacuum whose ANALYZE would throw such a plan away.

CREATE FUNCTION refuse_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: no % is allowed', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation', HINT = 'Correct it by a reversal.';
END
$$;

------------------------------------------------------------------------------------------------------------------------
-- Accounts

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  number text NOT NULL CHECK (number ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  type text NOT NULL CHECK (type IN ('asset', 'liability', 'equity', 'income', 'expense')),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (entity_id, number),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

-- A used account that changed its type would move past figures from the balance sheet to the result.
CREATE FUNCTION check_account_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The type and the entity of account % never change', OLD.number
    USING ERRCODE = 'restrict_violation', HINT = 'Create another account.';
END
$$;
CREATE TRIGGER accounts_change BEFORE UPDATE ON accounts FOR EACH ROW
  WHEN ((OLD.id, OLD.organization_id, OLD.entity_id, OLD.type) IS DISTINCT FROM (NEW.id, NEW.organization_id, NEW.entity_id, NEW.type))
  EXECUTE FUNCTION check_account_change();

-- Which account of the entity plays which part. What type a role asks for stands in src/ledger/account-roles.ts.
CREATE TABLE account_roles (
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN (
    'accounts_receivable', 'deferred_revenue', 'income', 'expense', 'clearing', 'tax_payable',
    'bank', 'retained_earnings', 'fx_gain', 'fx_loss', 'rounding'
  )),
  account_id uuid NOT NULL,
  PRIMARY KEY (entity_id, role),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);

-- Units of the entity's base currency for one unit of the currency (major units both), from that day on.
CREATE TABLE exchange_rates (
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  rate_date date NOT NULL,
  rate numeric NOT NULL CHECK (rate > 0 AND rate < 1e12),
  source text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  PRIMARY KEY (entity_id, currency, rate_date),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

------------------------------------------------------------------------------------------------------------------------
-- Customers, items, sales reps

CREATE TABLE customers (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('company', 'person')),
  name text NOT NULL CHECK (name <> ''),
  -- normalizeCustomerName(name): what a match by name compares.
  normalized_name text NOT NULL CHECK (normalized_name <> ''),
  website text,
  industry text,
  phone text,
  email text,
  tax_id text,
  address jsonb,
  -- Null: the entity's terms.
  terms_days integer CHECK (terms_days BETWEEN 0 AND 3650),
  external_id text,
  custom_properties jsonb NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true,
  -- Set when it was merged into another one, which has its documents now.
  merged_into uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, merged_into) REFERENCES customers (organization_id, id)
);
CREATE INDEX customers_name ON customers (entity_id, normalized_name);
CREATE INDEX customers_external_id ON customers (entity_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE customer_contacts (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  -- Id of the contact in the CRM; null: typed in here.
  source_id text,
  name text NOT NULL,
  email text,
  phone text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (customer_id, source_id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE items (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  sku text NOT NULL CHECK (sku <> ''),
  name text NOT NULL CHECK (name <> ''),
  description text,
  kind text NOT NULL CHECK (kind IN ('service', 'goods')),
  -- For information: the price of a line decides.
  unit_price numeric,
  -- Null: the account of the role.
  income_account_id uuid,
  expense_account_id uuid,
  -- Of service items, for contracts; an invoice credits income.
  deferred_account_id uuid,
  active boolean NOT NULL DEFAULT true,
  -- The item of lines without a product.
  is_default boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (entity_id, sku),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, income_account_id) REFERENCES accounts (organization_id, id),
  FOREIGN KEY (organization_id, expense_account_id) REFERENCES accounts (organization_id, id),
  FOREIGN KEY (organization_id, deferred_account_id) REFERENCES accounts (organization_id, id)
);
CREATE UNIQUE INDEX items_default ON items (entity_id) WHERE is_default;

CREATE TABLE sales_reps (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  name text NOT NULL,
  email text,
  -- The e-mail address in lower case, or the id where there is none: the same person of two CRM accounts is one sales rep.
  match_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (entity_id, match_key),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

------------------------------------------------------------------------------------------------------------------------
-- Documents

-- One row a kind and entity. The number is taken last in the transaction that posts: the row lock makes it gapless.
CREATE TABLE number_series (
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'contract', 'sales_order')),
  prefix text NOT NULL CHECK (length(prefix) <= 20),
  digits integer NOT NULL DEFAULT 6 CHECK (digits BETWEEN 1 AND 12),
  next_number bigint NOT NULL DEFAULT 1 CHECK (next_number > 0),
  PRIMARY KEY (entity_id, kind),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

CREATE FUNCTION check_number_series_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A number series only goes up' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER number_series_change BEFORE UPDATE ON number_series FOR EACH ROW
  WHEN (NEW.next_number < OLD.next_number OR (OLD.entity_id, OLD.kind) IS DISTINCT FROM (NEW.entity_id, NEW.kind))
  EXECUTE FUNCTION check_number_series_change();
CREATE TRIGGER number_series_kept BEFORE DELETE OR TRUNCATE ON number_series EXECUTE FUNCTION refuse_change();

CREATE TABLE documents (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'contract', 'sales_order')),
  number text,
  -- 'overdue' is not stored: it is read from the due date and the day in the entity's time zone.
  status text NOT NULL DEFAULT 'draft' CHECK (status IN (
    'draft', 'posted', 'partly_paid', 'paid', 'credited', 'reversed', 'written_off', 'active', 'completed', 'terminated'
  )),
  customer_id uuid NOT NULL,
  -- The CRM company or contact that this document was made for; null: none, or typed in here.
  customer_source_id text,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- Lines plus tax, in minor units of the currency.
  total_minor bigint NOT NULL CHECK (total_minor BETWEEN 0 AND 1000000000000000),
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor BETWEEN -1000000000000000 AND 1000000000000000),
  open_minor bigint NOT NULL,
  document_date date NOT NULL CHECK (isfinite(document_date)),
  due_date date NOT NULL CHECK (isfinite(due_date)),
  description text NOT NULL DEFAULT '',
  memo text,
  sales_rep_id uuid,
  dimensions jsonb NOT NULL DEFAULT '{}',
  custom_properties jsonb NOT NULL DEFAULT '{}',
  warnings jsonb NOT NULL DEFAULT '[]',
  -- Where it came from; all null: made by hand. Links can be rebuilt from these.
  source_connector text,
  source_account_id text,
  source_mode text CHECK (source_mode IN ('live', 'test')),
  source_type text,
  source_id text,
  source_url text,
  connection_id uuid,
  revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  -- Goes up with every change: what a plan stood on.
  version integer NOT NULL DEFAULT 1,
  -- Base units for one unit of the currency, taken when it was posted.
  exchange_rate numeric CHECK (exchange_rate > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  posted_at timestamptz,
  posted_by text,
  reversed_at timestamptz,
  reversed_by text,
  CONSTRAINT documents_number_when_posted CHECK ((status = 'draft') = (number IS NULL)),
  CONSTRAINT documents_posted_whole CHECK (status = 'draft' OR (posted_at IS NOT NULL AND posted_by IS NOT NULL AND exchange_rate IS NOT NULL)),
  CONSTRAINT documents_open_fits_status CHECK (
    CASE
      WHEN status IN ('draft', 'posted') THEN open_minor = total_minor
      WHEN status = 'partly_paid' THEN open_minor > 0 AND open_minor < total_minor
      WHEN status IN ('active', 'completed', 'terminated') THEN open_minor BETWEEN 0 AND total_minor
      ELSE open_minor = 0
    END
  ),
  CONSTRAINT documents_source_whole CHECK (
    num_nulls(source_connector, source_account_id, source_mode, source_type, source_id) IN (0, 5)
  ),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id),
  FOREIGN KEY (organization_id, sales_rep_id) REFERENCES sales_reps (organization_id, id)
);
CREATE INDEX documents_date ON documents (entity_id, document_date, id);
CREATE INDEX documents_customer ON documents (customer_id);
CREATE UNIQUE INDEX documents_number ON documents (entity_id, kind, number) WHERE number IS NOT NULL;
-- One document for a source record and revision, whatever became of the link. A reversed one makes room for its successor.
CREATE UNIQUE INDEX documents_source ON documents (source_id, source_type, source_account_id, source_connector, source_mode, organization_id, revision)
  WHERE source_id IS NOT NULL AND status <> 'reversed';
-- What is owed, for overdue and aging. Drafts are not in it, so that a sync does not pay for it.
CREATE INDEX documents_open ON documents (entity_id, due_date) WHERE status IN ('posted', 'partly_paid');

CREATE TABLE document_lines (
  organization_id uuid NOT NULL,
  document_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  -- Id of the line item in the CRM.
  source_id text,
  item_id uuid,
  description text NOT NULL,
  -- As it was when the line was made.
  sku text,
  quantity numeric NOT NULL,
  unit_price numeric NOT NULL,
  -- Null unless the discount is a percentage; the amount is always the whole line's.
  discount_percent numeric,
  discount_minor bigint NOT NULL DEFAULT 0 CHECK (discount_minor BETWEEN -1000000000000000 AND 1000000000000000),
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor BETWEEN -1000000000000000 AND 1000000000000000),
  -- Net of discount, without tax.
  amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN -1000000000000000 AND 1000000000000000),
  -- Overrides the item's income account.
  account_id uuid,
  PRIMARY KEY (document_id, position),
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, item_id) REFERENCES items (organization_id, id),
  FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);

-- Once a statement that inserts documents: all of them are drafts of their own organization's books, and test stays with test.
CREATE FUNCTION check_new_documents() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  refused uuid;
BEGIN
  SELECT n.id INTO refused FROM new_documents n WHERE n.status <> 'draft' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Document % is not a draft: a document begins as one', refused USING ERRCODE = 'check_violation';
  END IF;
  SELECT n.id INTO refused FROM new_documents n
  WHERE (
    (SELECT e.mode FROM entities e WHERE e.id = n.entity_id AND e.organization_id = n.organization_id)
      = coalesce(n.source_mode, (SELECT e.mode FROM entities e WHERE e.id = n.entity_id))
  ) IS NOT TRUE
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Document % comes from a connection of the other mode, or its entity is of another organization', refused
      USING ERRCODE = 'check_violation', HINT = 'Test data stays in test entities.';
  END IF;
  SELECT n.id INTO refused FROM new_documents n
  WHERE ((SELECT c.entity_id FROM customers c WHERE c.id = n.customer_id) = n.entity_id) IS NOT TRUE
    OR (n.sales_rep_id IS NOT NULL
        AND ((SELECT s.entity_id FROM sales_reps s WHERE s.id = n.sales_rep_id) = n.entity_id) IS NOT TRUE)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The customer or sales rep of document % belongs to another entity', refused USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER documents_inserted AFTER INSERT ON documents REFERENCING NEW TABLE AS new_documents
  FOR EACH STATEMENT EXECUTE FUNCTION check_new_documents();

-- The allowed ways of a status; the same list stands in src/ledger/document-status.ts and a test compares them.
CREATE FUNCTION is_document_transition(from_status text, to_status text) RETURNS boolean
  LANGUAGE sql IMMUTABLE
  RETURN (from_status || ' ' || to_status) = ANY (ARRAY[
    'draft posted', 'draft active',
    'posted partly_paid', 'posted paid', 'posted credited', 'posted reversed', 'posted written_off',
    'partly_paid posted', 'partly_paid paid', 'partly_paid credited', 'partly_paid written_off',
    'paid posted', 'paid partly_paid',
    'credited posted', 'credited partly_paid',
    'written_off posted', 'written_off partly_paid',
    'active completed', 'active terminated', 'completed active'
  ]);

CREATE FUNCTION check_document_change() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF (OLD.id, OLD.organization_id, OLD.entity_id, OLD.kind, OLD.created_at, OLD.created_by, OLD.source_mode)
    IS DISTINCT FROM (NEW.id, NEW.organization_id, NEW.entity_id, NEW.kind, NEW.created_at, NEW.created_by, NEW.source_mode)
  THEN
    RAISE EXCEPTION 'The identity of document % never changes', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF ((SELECT c.entity_id FROM customers c WHERE c.id = NEW.customer_id) = NEW.entity_id) IS NOT TRUE
    OR (NEW.sales_rep_id IS NOT NULL
        AND ((SELECT s.entity_id FROM sales_reps s WHERE s.id = NEW.sales_rep_id) = NEW.entity_id) IS NOT TRUE)
  THEN
    RAISE EXCEPTION 'The customer or sales rep of document % belongs to another entity', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status <> OLD.status AND NOT is_document_transition(OLD.status, NEW.status) THEN
    RAISE EXCEPTION 'Document % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'draft' AND
    (OLD.number, OLD.currency, OLD.total_minor, OLD.tax_minor, OLD.document_date, OLD.due_date, OLD.description, OLD.memo,
     OLD.exchange_rate, OLD.posted_at, OLD.posted_by)
    IS DISTINCT FROM
    (NEW.number, NEW.currency, NEW.total_minor, NEW.tax_minor, NEW.document_date, NEW.due_date, NEW.description, NEW.memo,
     NEW.exchange_rate, NEW.posted_at, NEW.posted_by)
  THEN
    RAISE EXCEPTION 'Document % is posted: its figures never change', coalesce(OLD.number, OLD.id::text)
      USING ERRCODE = 'restrict_violation', HINT = 'Reverse it, or write a credit note.';
  END IF;
  IF OLD.status = 'draft' AND NEW.status <> 'draft' THEN
    IF NOT EXISTS (
      SELECT FROM document_lines l WHERE l.document_id = NEW.id
      HAVING sum(l.amount_minor) + sum(l.tax_minor) = NEW.total_minor AND sum(l.tax_minor) = NEW.tax_minor
    ) THEN
      RAISE EXCEPTION 'The total of document % is not the sum of its lines and tax', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'posted' AND NOT EXISTS (
      SELECT FROM journal_entries e WHERE e.document_id = NEW.id AND e.kind = 'document'
    ) THEN
      RAISE EXCEPTION 'Document % has no journal entry', NEW.id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF OLD.status <> 'reversed' AND NEW.status = 'reversed' AND NOT EXISTS (
    SELECT FROM journal_entries e JOIN journal_entries r ON r.reverses_entry_id = e.id
    WHERE e.document_id = NEW.id AND e.kind = 'document'
  ) THEN
    RAISE EXCEPTION 'Document % has no reversal in the journal', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
-- A draft that stays one costs a sync no more than this comparison.
CREATE TRIGGER documents_change BEFORE UPDATE ON documents FOR EACH ROW
  WHEN (
    OLD.status <> 'draft' OR NEW.status <> 'draft'
    OR (OLD.id, OLD.organization_id, OLD.entity_id, OLD.kind, OLD.created_at, OLD.created_by, OLD.source_mode, OLD.customer_id, OLD.sales_rep_id)
      IS DISTINCT FROM
      (NEW.id, NEW.organization_id, NEW.entity_id, NEW.kind, NEW.created_at, NEW.created_by, NEW.source_mode, NEW.customer_id, NEW.sales_rep_id)
  )
  EXECUTE FUNCTION check_document_change();

CREATE FUNCTION check_deleted_documents() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  refused text;
BEGIN
  SELECT o.number INTO refused FROM old_documents o WHERE o.status <> 'draft' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Document % is posted: only a draft can be deleted', refused
      USING ERRCODE = 'restrict_violation', HINT = 'Reverse it instead.';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER documents_deleted AFTER DELETE ON documents REFERENCING OLD TABLE AS old_documents
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted_documents();
CREATE TRIGGER documents_kept BEFORE TRUNCATE ON documents EXECUTE FUNCTION refuse_change();

-- Lines are written while their document is a draft. FOR SHARE makes a concurrent posting wait for them, or them for it; documents
-- that this transaction has inserted itself nobody else can see, so that the sync's lines lock nothing.
CREATE FUNCTION check_written_document_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  document_ids uuid[] := ARRAY(SELECT DISTINCT n.document_id FROM new_lines n);
  organization_ids uuid[] := ARRAY(SELECT DISTINCT n.organization_id FROM new_lines n);
BEGIN
  IF cardinality(document_ids) = 0 THEN
    RETURN NULL;
  END IF;
  PERFORM FROM documents d
  WHERE d.id = ANY (document_ids) AND d.xmin <> pg_current_xact_id()::xid
  ORDER BY d.id FOR SHARE;
  IF cardinality(organization_ids) <> 1 OR cardinality(document_ids) <> (
    SELECT count(*) FROM documents d
    WHERE d.id = ANY (document_ids) AND d.organization_id = organization_ids[1] AND d.status = 'draft'
  ) THEN
    RAISE EXCEPTION 'Lines are written only to drafts of one organization'
      USING ERRCODE = 'restrict_violation', HINT = 'Reverse the posted document instead.';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER document_lines_inserted AFTER INSERT ON document_lines REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_written_document_lines();
CREATE TRIGGER document_lines_updated_to AFTER UPDATE ON document_lines REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_written_document_lines();

-- A document that is gone was a draft: its own trigger has seen to that.
CREATE FUNCTION check_removed_document_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  document_ids uuid[] := ARRAY(SELECT DISTINCT o.document_id FROM old_lines o);
BEGIN
  PERFORM FROM documents d WHERE d.id = ANY (document_ids) ORDER BY d.id FOR SHARE;
  IF EXISTS (SELECT FROM documents d WHERE d.id = ANY (document_ids) AND d.status <> 'draft') THEN
    RAISE EXCEPTION 'The lines of a posted document never change'
      USING ERRCODE = 'restrict_violation', HINT = 'Reverse the posted document instead.';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER document_lines_deleted AFTER DELETE ON document_lines REFERENCING OLD TABLE AS old_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_removed_document_lines();
CREATE TRIGGER document_lines_updated_from AFTER UPDATE ON document_lines REFERENCING OLD TABLE AS old_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_removed_document_lines();
CREATE TRIGGER document_lines_kept BEFORE TRUNCATE ON document_lines EXECUTE FUNCTION refuse_change();

------------------------------------------------------------------------------------------------------------------------
-- Journal: append-only

CREATE TABLE journal_entries (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  entry_date date NOT NULL CHECK (isfinite(entry_date)),
  kind text NOT NULL CHECK (kind IN ('document', 'reversal', 'manual')),
  description text NOT NULL,
  document_id uuid,
  reverses_entry_id uuid UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  -- The transaction that made the entry, and the only one that may add lines to it.
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT journal_entries_reversal CHECK ((kind = 'reversal') = (reverses_entry_id IS NOT NULL)),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id),
  FOREIGN KEY (organization_id, reverses_entry_id) REFERENCES journal_entries (organization_id, id)
);
CREATE INDEX journal_entries_date ON journal_entries (entity_id, entry_date, id);
CREATE INDEX journal_entries_document ON journal_entries (document_id) WHERE document_id IS NOT NULL;
-- A document is posted once.
CREATE UNIQUE INDEX journal_entries_posting ON journal_entries (document_id) WHERE kind = 'document';

CREATE TABLE journal_lines (
  organization_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  account_id uuid NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  debit_minor bigint NOT NULL CHECK (debit_minor BETWEEN 0 AND 1000000000000000),
  credit_minor bigint NOT NULL CHECK (credit_minor BETWEEN 0 AND 1000000000000000),
  -- In minor units of the entity's base currency. Can be zero where the amount is not (one rupiah in dollars), and stand alone (revaluation).
  base_debit_minor bigint NOT NULL CHECK (base_debit_minor BETWEEN 0 AND 1000000000000000),
  base_credit_minor bigint NOT NULL CHECK (base_credit_minor BETWEEN 0 AND 1000000000000000),
  PRIMARY KEY (entry_id, position),
  CONSTRAINT journal_lines_one_side CHECK (
    (debit_minor = 0 AND base_debit_minor = 0) <> (credit_minor = 0 AND base_credit_minor = 0)
  ),
  FOREIGN KEY (organization_id, entry_id) REFERENCES journal_entries (organization_id, id),
  FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);
CREATE INDEX journal_lines_account ON journal_lines (account_id);

CREATE FUNCTION check_new_journal_entries() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  refused uuid;
BEGIN
  SELECT n.id INTO refused FROM new_entries n
  WHERE n.transaction_id <> pg_current_xact_id()
    OR NOT EXISTS (SELECT FROM entities e WHERE e.id = n.entity_id AND e.organization_id = n.organization_id)
    OR (n.document_id IS NOT NULL
        AND ((SELECT d.entity_id FROM documents d WHERE d.id = n.document_id) = n.entity_id) IS NOT TRUE)
    OR (n.reverses_entry_id IS NOT NULL
        AND ((SELECT r.entity_id FROM journal_entries r WHERE r.id = n.reverses_entry_id) = n.entity_id) IS NOT TRUE)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Journal entry % names another transaction, or something of another entity', refused USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER journal_entries_inserted AFTER INSERT ON journal_entries REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION check_new_journal_entries();

-- Balanced after every statement, so that an entry's lines come in one, and SET CONSTRAINTS moves nothing past this check.
CREATE FUNCTION check_new_journal_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  entry_ids uuid[] := ARRAY(SELECT DISTINCT n.entry_id FROM new_lines n);
  refused record;
BEGIN
  SELECT n.entry_id INTO refused FROM new_lines n
  WHERE (
    (SELECT e.entity_id FROM journal_entries e
     WHERE e.id = n.entry_id AND e.organization_id = n.organization_id AND e.transaction_id = pg_current_xact_id())
    = (SELECT a.entity_id FROM accounts a WHERE a.id = n.account_id)
  ) IS NOT TRUE
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Journal entry % was made by an earlier transaction, or its account belongs to another entity', refused.entry_id
      USING ERRCODE = 'restrict_violation', HINT = 'Correct it by a reversal.';
  END IF;
  SELECT l.entry_id, l.currency INTO refused FROM journal_lines l
  WHERE l.entry_id = ANY (entry_ids)
  GROUP BY l.entry_id, l.currency
  HAVING sum(l.debit_minor) <> sum(l.credit_minor)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Journal entry % does not balance in %', refused.entry_id, refused.currency USING ERRCODE = 'check_violation';
  END IF;
  SELECT l.entry_id INTO refused FROM journal_lines l
  WHERE l.entry_id = ANY (entry_ids)
  GROUP BY l.entry_id
  HAVING sum(l.base_debit_minor) <> sum(l.base_credit_minor)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Journal entry % does not balance in the base currency', refused.entry_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER journal_lines_inserted AFTER INSERT ON journal_lines REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_new_journal_lines();

-- An entry without lines says nothing and would make a document look posted.
CREATE FUNCTION check_journal_entry_has_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal_lines l WHERE l.entry_id = NEW.id) THEN
    RAISE EXCEPTION 'Journal entry % has no lines', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER journal_entries_have_lines AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal_entry_has_lines();

CREATE TRIGGER journal_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_lines_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_lines EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries EXECUTE FUNCTION refuse_change();

CALL isolate_by_organization('accounts');
CALL isolate_by_organization('account_roles');
CALL isolate_by_organization('exchange_rates');
CALL isolate_by_organization('customers');
CALL isolate_by_organization('customer_contacts');
CALL isolate_by_organization('items');
CALL isolate_by_organization('sales_reps');
CALL isolate_by_organization('number_series');
CALL isolate_by_organization('documents');
CALL isolate_by_organization('document_lines');
CALL isolate_by_organization('journal_entries');
CALL isolate_by_organization('journal_lines');
