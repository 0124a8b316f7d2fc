-- Revenue contracts (IFRS 15, ASC 606). A contract is a document; its terms, performance obligations, schedules and billing plan stand
-- here from its activation on. What a contract owes or is owed is read from the journal alone: no balance is stored.

ALTER TABLE documents ADD CONSTRAINT documents_status_fits_kind CHECK (
  CASE WHEN kind = 'contract' THEN status IN ('draft', 'active', 'completed', 'terminated')
       ELSE status NOT IN ('active', 'completed', 'terminated') END
);

-- The contract that an invoice bills, or that a credit note takes something back of.
ALTER TABLE documents ADD COLUMN contract_id uuid;
ALTER TABLE documents ADD CONSTRAINT documents_contract_fkey
  FOREIGN KEY (organization_id, contract_id) REFERENCES documents (organization_id, id);
ALTER TABLE documents ADD CONSTRAINT documents_contract_kind CHECK (contract_id IS NULL OR kind IN ('invoice', 'credit_note'));
CREATE INDEX documents_contract ON documents (contract_id) WHERE contract_id IS NOT NULL;

-- The contract that a draft contract goes on from; one at a time.
ALTER TABLE documents ADD COLUMN renews_document_id uuid;
ALTER TABLE documents ADD CONSTRAINT documents_renews_fkey
  FOREIGN KEY (organization_id, renews_document_id) REFERENCES documents (organization_id, id);
ALTER TABLE documents ADD CONSTRAINT documents_renews_kind CHECK (renews_document_id IS NULL OR kind = 'contract');
CREATE UNIQUE INDEX documents_renews ON documents (renews_document_id) WHERE renews_document_id IS NOT NULL;

CREATE FUNCTION check_contract_of_document() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Which contract document % belongs to never changes once it is posted', OLD.number USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER documents_contract_kept BEFORE UPDATE ON documents FOR EACH ROW
  WHEN (OLD.status <> 'draft'
    AND (OLD.contract_id, OLD.renews_document_id) IS DISTINCT FROM (NEW.contract_id, NEW.renews_document_id))
  EXECUTE FUNCTION check_contract_of_document();

-- Terms of a draft contract's lines; null on every other line.
ALTER TABLE document_lines ADD COLUMN service_start date CHECK (isfinite(service_start));
ALTER TABLE document_lines ADD COLUMN service_end date CHECK (isfinite(service_end) AND service_end >= service_start);
-- Stand-alone selling price of the whole line: the list price before discount, unless somebody says another.
ALTER TABLE document_lines ADD COLUMN standalone_minor bigint CHECK (standalone_minor BETWEEN -1000000000000000 AND 1000000000000000);
-- How its revenue is recognised, unless somebody says otherwise when the contract is activated; null: by the kind of its item.
ALTER TABLE document_lines ADD COLUMN recognition text CHECK (recognition IN ('immediate', 'daily', 'monthly'));

CREATE TABLE contracts (
  document_id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  -- The transaction price without tax, after modifications.
  price_minor bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 1000000000000000),
  currency text NOT NULL,
  -- Base units for one unit on the day of the contract: what revenue ahead of billing is measured at.
  exchange_rate numeric NOT NULL CHECK (exchange_rate > 0),
  deferred_account_id uuid NOT NULL,
  asset_account_id uuid NOT NULL CHECK (asset_account_id <> deferred_account_id),
  -- The last day of service.
  terminated_on date CHECK (isfinite(terminated_on)),
  UNIQUE (organization_id, document_id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id),
  FOREIGN KEY (organization_id, deferred_account_id) REFERENCES accounts (organization_id, id),
  FOREIGN KEY (organization_id, asset_account_id) REFERENCES accounts (organization_id, id)
);

CREATE TABLE contract_obligations (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  contract_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  item_id uuid,
  description text NOT NULL,
  quantity numeric NOT NULL,
  standalone_minor bigint NOT NULL CHECK (standalone_minor BETWEEN 0 AND 1000000000000000),
  allocated_minor bigint NOT NULL CHECK (allocated_minor BETWEEN 0 AND 1000000000000000),
  recognition text NOT NULL CHECK (recognition IN ('immediate', 'daily', 'monthly', 'milestone')),
  service_start date NOT NULL,
  service_end date NOT NULL CHECK (service_end >= service_start),
  income_account_id uuid NOT NULL,
  UNIQUE (contract_id, position),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, contract_id) REFERENCES contracts (organization_id, document_id),
  FOREIGN KEY (organization_id, item_id) REFERENCES items (organization_id, id),
  FOREIGN KEY (organization_id, income_account_id) REFERENCES accounts (organization_id, id)
);

-- What is to be recognised in which month (its first day). A milestone has no month until it is reached. A part below zero corrects what
-- was recognised too much.
CREATE TABLE contract_schedule (
  organization_id uuid NOT NULL,
  obligation_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  period date CHECK (period = date_trunc('month', period)::date),
  amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN -1000000000000000 AND 1000000000000000),
  milestone text,
  weight bigint CHECK (weight > 0),
  reached_on date,
  PRIMARY KEY (obligation_id, position),
  CHECK ((milestone IS NULL) = (weight IS NULL)),
  CHECK (CASE WHEN milestone IS NULL THEN period IS NOT NULL AND reached_on IS NULL
              ELSE period IS NOT DISTINCT FROM date_trunc('month', reached_on)::date END),
  FOREIGN KEY (organization_id, obligation_id) REFERENCES contract_obligations (organization_id, id)
);
CREATE UNIQUE INDEX contract_schedule_period ON contract_schedule (obligation_id, period) WHERE milestone IS NULL;
CREATE INDEX contract_schedule_due ON contract_schedule (period, obligation_id);

-- What is to be billed when, without tax and its tax (below zero: credited); document_id: the invoice or credit note that was made.
CREATE TABLE contract_billings (
  organization_id uuid NOT NULL,
  contract_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  bill_date date NOT NULL CHECK (isfinite(bill_date)),
  amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN -1000000000000000 AND 1000000000000000),
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor BETWEEN -1000000000000000 AND 1000000000000000),
  document_id uuid,
  CHECK (sign(amount_minor) * sign(tax_minor) >= 0),
  PRIMARY KEY (contract_id, position),
  FOREIGN KEY (organization_id, contract_id) REFERENCES contracts (organization_id, document_id),
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id) ON DELETE SET NULL (document_id)
);
CREATE UNIQUE INDEX contract_billings_document ON contract_billings (document_id) WHERE document_id IS NOT NULL;

-- What was agreed on after the activation.
CREATE TABLE contract_changes (
  organization_id uuid NOT NULL,
  contract_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('modification', 'termination')),
  method text CHECK (method IN ('separate', 'prospective', 'catch_up')),
  -- The first day of a modification, the last day of service of a termination.
  effective_on date NOT NULL CHECK (isfinite(effective_on)),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  price_before_minor bigint NOT NULL,
  price_after_minor bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  PRIMARY KEY (contract_id, number),
  CHECK ((kind = 'modification') = (method IS NOT NULL)),
  FOREIGN KEY (organization_id, contract_id) REFERENCES contracts (organization_id, document_id)
);

CREATE TABLE recognition_runs (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  period date NOT NULL CHECK (period = date_trunc('month', period)::date),
  entry_date date NOT NULL CHECK (isfinite(entry_date)),
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  undone_at timestamptz,
  undone_by text,
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

-- What was recognised. An undone line leaves room for the next run; an obligation's part is recognised once.
CREATE TABLE recognition_lines (
  organization_id uuid NOT NULL,
  run_id uuid NOT NULL,
  obligation_id uuid NOT NULL,
  schedule_position integer NOT NULL,
  amount_minor bigint NOT NULL,
  entry_id uuid NOT NULL,
  undone boolean NOT NULL DEFAULT false,
  PRIMARY KEY (run_id, obligation_id, schedule_position),
  FOREIGN KEY (organization_id, run_id) REFERENCES recognition_runs (organization_id, id),
  FOREIGN KEY (organization_id, obligation_id) REFERENCES contract_obligations (organization_id, id),
  FOREIGN KEY (organization_id, entry_id) REFERENCES journal_entries (organization_id, id)
);
CREATE UNIQUE INDEX recognition_lines_once ON recognition_lines (obligation_id, schedule_position) WHERE NOT undone;
CREATE INDEX recognition_lines_entry ON recognition_lines (entry_id);

------------------------------------------------------------------------------------------------------------------------
-- What always holds

CREATE FUNCTION check_obligation_schedule() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  checked uuid := CASE WHEN TG_TABLE_NAME = 'contract_obligations'
    THEN (to_jsonb(coalesce(NEW, OLD)) ->> 'id')::uuid ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'obligation_id')::uuid END;
BEGIN
  IF EXISTS (
    SELECT FROM contract_obligations o WHERE o.id = checked
      AND o.allocated_minor <> (SELECT coalesce(sum(s.amount_minor), 0) FROM contract_schedule s WHERE s.obligation_id = o.id)
  ) THEN
    RAISE EXCEPTION 'The schedule of obligation % does not sum to its allocated price', checked USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER contract_obligations_schedule AFTER INSERT OR UPDATE ON contract_obligations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_obligation_schedule();
CREATE CONSTRAINT TRIGGER contract_schedule_sum AFTER INSERT OR UPDATE OR DELETE ON contract_schedule
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_obligation_schedule();

CREATE FUNCTION check_contract_price() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  checked uuid := CASE WHEN TG_TABLE_NAME = 'contracts'
    THEN (to_jsonb(coalesce(NEW, OLD)) ->> 'document_id')::uuid ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'contract_id')::uuid END;
BEGIN
  IF EXISTS (
    SELECT FROM contracts c WHERE c.document_id = checked
      AND (c.price_minor <> (SELECT coalesce(sum(o.allocated_minor), 0) FROM contract_obligations o WHERE o.contract_id = checked)
        OR c.price_minor <> (SELECT coalesce(sum(b.amount_minor), 0) FROM contract_billings b WHERE b.contract_id = checked))
  ) THEN
    RAISE EXCEPTION 'The obligations or the billing of contract % do not sum to its price', checked USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER contracts_price AFTER INSERT OR UPDATE ON contracts
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_contract_price();
CREATE CONSTRAINT TRIGGER contract_obligations_price AFTER INSERT OR UPDATE OR DELETE ON contract_obligations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_contract_price();
CREATE CONSTRAINT TRIGGER contract_billings_price AFTER INSERT OR UPDATE OR DELETE ON contract_billings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_contract_price();

-- What is recognised stands: its part of the schedule neither changes nor goes.
CREATE FUNCTION check_schedule_change() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT FROM recognition_lines r
    WHERE r.obligation_id = OLD.obligation_id AND r.schedule_position = OLD.position AND NOT r.undone
  ) THEN
    RAISE EXCEPTION 'Part % of the schedule of obligation % is recognised', OLD.position, OLD.obligation_id
      USING ERRCODE = 'restrict_violation', HINT = 'Undo the recognition run first.';
  END IF;
  RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER contract_schedule_change BEFORE UPDATE OR DELETE ON contract_schedule
  FOR EACH ROW EXECUTE FUNCTION check_schedule_change();

-- A line says what the schedule says, and the income of its entry is the sum of its lines.
CREATE FUNCTION check_recognition_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  refused uuid;
  entry_ids uuid[] := ARRAY(SELECT DISTINCT n.entry_id FROM new_lines n);
BEGIN
  SELECT n.obligation_id INTO refused FROM new_lines n
  WHERE n.undone OR NOT EXISTS (
    SELECT FROM contract_schedule s
    JOIN contract_obligations o ON o.id = s.obligation_id
    JOIN journal_entries e ON e.id = n.entry_id AND e.kind = 'recognition' AND e.document_id = o.contract_id
    WHERE s.obligation_id = n.obligation_id AND s.position = n.schedule_position AND s.amount_minor = n.amount_minor
      AND s.period IS NOT NULL
  ) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'What is recognised of obligation % is not what its schedule says', refused USING ERRCODE = 'check_violation';
  END IF;
  SELECT e.id INTO refused FROM unnest(entry_ids) AS e (id)
  WHERE (SELECT sum(r.amount_minor) FROM recognition_lines r WHERE r.entry_id = e.id) IS DISTINCT FROM (
    SELECT sum(l.credit_minor - l.debit_minor) FROM journal_lines l JOIN accounts a ON a.id = l.account_id
    WHERE l.entry_id = e.id AND a.type = 'income'
  ) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Recognition entry % does not tie to the schedules', refused USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER recognition_lines_inserted AFTER INSERT ON recognition_lines REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_recognition_lines();

-- A line is undone once, with the reversal of its entry, and never changes otherwise.
CREATE FUNCTION check_undone_recognition() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF OLD.undone OR NOT NEW.undone
    OR (to_jsonb(NEW) - 'undone') IS DISTINCT FROM (to_jsonb(OLD) - 'undone')
    OR NOT EXISTS (SELECT FROM journal_entries e WHERE e.reverses_entry_id = OLD.entry_id)
  THEN
    RAISE EXCEPTION 'A recognition is only undone, once, by the reversal of its entry' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER recognition_lines_change BEFORE UPDATE ON recognition_lines
  FOR EACH ROW EXECUTE FUNCTION check_undone_recognition();
-- A contract is a liability or an asset, never both, and neither below zero: what its entries and those of its invoices and credit
-- notes have on its two accounts.
CREATE FUNCTION check_contract_position(checked_id uuid) RETURNS void
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  booked record;
BEGIN
  SELECT c.document_id,
    coalesce(sum(l.credit_minor - l.debit_minor) FILTER (WHERE l.account_id = c.deferred_account_id), 0) AS liability,
    coalesce(sum(l.debit_minor - l.credit_minor) FILTER (WHERE l.account_id = c.asset_account_id), 0) AS asset
  INTO booked
  FROM contracts c
  LEFT JOIN LATERAL (
    SELECT c.document_id AS id UNION ALL SELECT d.id FROM documents d WHERE d.contract_id = c.document_id
  ) AS related ON true
  LEFT JOIN journal_entries j ON j.document_id = related.id
  LEFT JOIN journal_lines l ON l.entry_id = j.id
  WHERE c.document_id = checked_id
  GROUP BY c.document_id;
  IF FOUND AND (booked.liability < 0 OR booked.asset < 0 OR (booked.liability > 0 AND booked.asset > 0)) THEN
    RAISE EXCEPTION 'Contract % has a liability of % and an asset of %', checked_id, booked.liability, booked.asset
      USING ERRCODE = 'check_violation';
  END IF;
END
$$;

CREATE FUNCTION check_contract_of_entry() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_contract_position(NEW.document_id);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER journal_entries_contract AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.document_id IS NOT NULL AND NEW.kind IN ('recognition', 'reversal')) EXECUTE FUNCTION check_contract_of_entry();

CREATE FUNCTION check_contract_of_bill() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_contract_position(NEW.contract_id);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER documents_contract_position AFTER UPDATE ON documents
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.contract_id IS NOT NULL AND NEW.status <> OLD.status) EXECUTE FUNCTION check_contract_of_bill();

-- Only its price and its end change after the activation.
CREATE FUNCTION check_contract_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'price_minor' - 'terminated_on' <> to_jsonb(OLD) - 'price_minor' - 'terminated_on' OR OLD.terminated_on IS NOT NULL THEN
    RAISE EXCEPTION 'Of contract % only the price changes, and once its end', OLD.document_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER contracts_change BEFORE UPDATE ON contracts FOR EACH ROW EXECUTE FUNCTION check_contract_change();
CREATE TRIGGER contract_changes_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON contract_changes EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recognition_lines_kept BEFORE DELETE OR TRUNCATE ON recognition_lines EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recognition_runs_kept BEFORE DELETE OR TRUNCATE ON recognition_runs EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contracts_kept BEFORE DELETE OR TRUNCATE ON contracts EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_obligations_kept BEFORE DELETE OR TRUNCATE ON contract_obligations EXECUTE FUNCTION refuse_change();

CALL isolate_by_organization('contracts');
CALL isolate_by_organization('contract_obligations');
CALL isolate_by_organization('contract_schedule');
CALL isolate_by_organization('contract_billings');
CALL isolate_by_organization('contract_changes');
CALL isolate_by_organization('recognition_runs');
CALL isolate_by_organization('recognition_lines');
