-- Exchange rates keep what they were before a correction, and foreign-currency balances are revalued at the end of a month.

------------------------------------------------------------------------------------------------------------------------
-- A day and currency has one rate that counts (that of exchange_rates). What it was before stands here, whoever changed it: the
-- trigger writes it, also for a plain UPDATE or DELETE.

CREATE TABLE exchange_rate_corrections (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  currency text NOT NULL,
  rate_date date NOT NULL,
  rate numeric NOT NULL,
  source text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  replaced_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);
CREATE INDEX exchange_rate_corrections_rate ON exchange_rate_corrections (entity_id, rate_date, currency);

CREATE FUNCTION keep_corrected_exchange_rates() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO exchange_rate_corrections (organization_id, entity_id, currency, rate_date, rate, source, created_at, created_by)
  SELECT o.organization_id, o.entity_id, o.currency, o.rate_date, o.rate, o.source, o.created_at, o.created_by FROM old_rates o
  ORDER BY o.rate_date, o.currency;
  RETURN NULL;
END
$$;
CREATE TRIGGER exchange_rates_corrected AFTER UPDATE ON exchange_rates REFERENCING OLD TABLE AS old_rates
  FOR EACH STATEMENT EXECUTE FUNCTION keep_corrected_exchange_rates();
CREATE TRIGGER exchange_rates_removed AFTER DELETE ON exchange_rates REFERENCING OLD TABLE AS old_rates
  FOR EACH STATEMENT EXECUTE FUNCTION keep_corrected_exchange_rates();
CREATE TRIGGER exchange_rates_kept BEFORE TRUNCATE ON exchange_rates EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exchange_rate_corrections_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange_rate_corrections
  EXECUTE FUNCTION refuse_change();

------------------------------------------------------------------------------------------------------------------------
-- Revaluations: an entry on the day, its reversal on the next one; undone by their opposites on the same two days.

CREATE TABLE revaluations (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  revaluation_date date NOT NULL CHECK (isfinite(revaluation_date)),
  entry_id uuid NOT NULL UNIQUE,
  reversal_entry_id uuid NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  undone_at timestamptz,
  undone_by text,
  undo_entry_id uuid UNIQUE,
  undo_reversal_entry_id uuid UNIQUE,
  CONSTRAINT revaluations_undone_whole CHECK (num_nulls(undone_at, undone_by, undo_entry_id, undo_reversal_entry_id) IN (0, 4)),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, entry_id) REFERENCES journal_entries (organization_id, id),
  FOREIGN KEY (organization_id, reversal_entry_id) REFERENCES journal_entries (organization_id, id),
  FOREIGN KEY (organization_id, undo_entry_id) REFERENCES journal_entries (organization_id, id),
  FOREIGN KEY (organization_id, undo_reversal_entry_id) REFERENCES journal_entries (organization_id, id)
);
CREATE INDEX revaluations_date ON revaluations (entity_id, revaluation_date, id);
-- A day is revalued once: a second run replaces the first.
CREATE UNIQUE INDEX revaluations_in_force ON revaluations (entity_id, revaluation_date) WHERE undone_at IS NULL;

-- What a revaluation found and made: of each account and currency, in minor units (positive: a debit).
CREATE TABLE revaluation_lines (
  organization_id uuid NOT NULL,
  revaluation_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  account_id uuid NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  balance_minor numeric NOT NULL,
  book_base_minor numeric NOT NULL,
  -- Null where nothing is left in the currency: what is left in the base needs no rate.
  rate numeric CHECK (rate > 0),
  rate_date date,
  new_base_minor numeric NOT NULL,
  PRIMARY KEY (revaluation_id, position),
  UNIQUE (revaluation_id, account_id, currency),
  CONSTRAINT revaluation_lines_rate CHECK (
    CASE WHEN balance_minor = 0 THEN rate IS NULL AND new_base_minor = 0 ELSE rate IS NOT NULL END
    AND (rate IS NULL) = (rate_date IS NULL)
  ),
  FOREIGN KEY (organization_id, revaluation_id) REFERENCES revaluations (organization_id, id),
  FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);

-- At the end of the transaction, when entries and lines are there.
CREATE FUNCTION check_revaluation() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM journal_entries e JOIN journal_entries v ON v.id = NEW.reversal_entry_id AND v.reverses_entry_id = e.id
    WHERE e.id = NEW.entry_id AND e.kind = 'revaluation' AND e.entity_id = NEW.entity_id
      AND e.entry_date = NEW.revaluation_date AND v.entry_date = NEW.revaluation_date + 1
  ) THEN
    RAISE EXCEPTION 'Revaluation % has no entry on its day with a reversal on the next', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM journal_lines l
    WHERE l.entry_id IN (NEW.entry_id, NEW.reversal_entry_id) AND (l.debit_minor <> 0 OR l.credit_minor <> 0)
  ) THEN
    RAISE EXCEPTION 'Revaluation % moves an amount in a foreign currency', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM revaluation_lines r
    WHERE r.revaluation_id = NEW.id AND r.new_base_minor - r.book_base_minor <> (
      SELECT coalesce(sum(l.base_debit_minor - l.base_credit_minor), 0) FROM journal_lines l
      WHERE l.entry_id = NEW.entry_id AND l.account_id = r.account_id AND l.currency = r.currency
    )
  ) THEN
    RAISE EXCEPTION 'The figures of revaluation % are not those of its entry', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.undone_at IS NOT NULL AND (
    NOT EXISTS (
      SELECT FROM journal_entries e JOIN journal_entries v ON v.id = NEW.undo_reversal_entry_id
      WHERE e.id = NEW.undo_entry_id AND e.kind = 'revaluation' AND e.entity_id = NEW.entity_id
        AND e.entry_date = NEW.revaluation_date AND v.entry_date = NEW.revaluation_date + 1
        AND v.reverses_entry_id = NEW.reversal_entry_id
    ) OR EXISTS (
      SELECT FROM journal_lines l WHERE l.entry_id IN (NEW.entry_id, NEW.undo_entry_id)
      GROUP BY l.account_id, l.currency
      HAVING sum(l.base_debit_minor) <> sum(l.base_credit_minor) OR sum(l.debit_minor + l.credit_minor) <> 0
    ) OR EXISTS (
      SELECT FROM journal_lines l WHERE l.entry_id IN (NEW.reversal_entry_id, NEW.undo_reversal_entry_id)
      GROUP BY l.account_id, l.currency
      HAVING sum(l.base_debit_minor) <> sum(l.base_credit_minor) OR sum(l.debit_minor + l.credit_minor) <> 0
    )
  ) THEN
    RAISE EXCEPTION 'Revaluation % is not undone by the opposite of its entries', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER revaluations_whole AFTER INSERT OR UPDATE ON revaluations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_revaluation();

CREATE FUNCTION check_revaluation_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A revaluation changes only by being undone, once' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER revaluations_change BEFORE UPDATE ON revaluations FOR EACH ROW
  WHEN (
    OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
    OR (OLD.id, OLD.organization_id, OLD.entity_id, OLD.revaluation_date, OLD.entry_id, OLD.reversal_entry_id, OLD.created_at, OLD.created_by)
      IS DISTINCT FROM
      (NEW.id, NEW.organization_id, NEW.entity_id, NEW.revaluation_date, NEW.entry_id, NEW.reversal_entry_id, NEW.created_at, NEW.created_by)
  )
  EXECUTE FUNCTION check_revaluation_change();
CREATE TRIGGER revaluations_kept BEFORE DELETE OR TRUNCATE ON revaluations EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revaluation_lines_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON revaluation_lines EXECUTE FUNCTION refuse_change();

-- Figures come with their revaluation, in one transaction.
CREATE FUNCTION check_new_revaluation_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_lines n
    WHERE NOT EXISTS (
      SELECT FROM revaluations r WHERE r.id = n.revaluation_id AND r.xmin = pg_current_xact_id()::xid
    )
  ) THEN
    RAISE EXCEPTION 'A revaluation gets no figures after it was made' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER revaluation_lines_inserted AFTER INSERT ON revaluation_lines REFERENCING NEW TABLE AS new_lines
  FOR EACH STATEMENT EXECUTE FUNCTION check_new_revaluation_lines();

CALL isolate_by_organization('exchange_rate_corrections');
CALL isolate_by_organization('revaluations');
CALL isolate_by_organization('revaluation_lines');
