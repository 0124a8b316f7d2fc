-- Fiscal years and periods of each entity, which entries a period still takes, and what an entity is as a legal company.
-- src/ledger/periods/README.md says what holds here and which test tries to break it.

------------------------------------------------------------------------------------------------------------------------
-- Entities

-- The day that a fiscal year begins with. No later than the 28th, so that it is a day of every year.
ALTER TABLE entities ADD COLUMN fiscal_year_start_month integer NOT NULL DEFAULT 1 CHECK (fiscal_year_start_month BETWEEN 1 AND 12);
ALTER TABLE entities ADD COLUMN fiscal_year_start_day integer NOT NULL DEFAULT 1 CHECK (fiscal_year_start_day BETWEEN 1 AND 28);
-- What an invoice says of the company that sends it. Null legal name: the entity's name.
ALTER TABLE entities ADD COLUMN legal_name text CHECK (length(legal_name) BETWEEN 1 AND 200);
ALTER TABLE entities ADD COLUMN address jsonb;
ALTER TABLE entities ADD COLUMN tax_id text CHECK (length(tax_id) BETWEEN 1 AND 100);
ALTER TABLE entities ADD COLUMN registration_number text CHECK (length(registration_number) BETWEEN 1 AND 100);
ALTER TABLE entities ADD COLUMN bank_details text CHECK (length(bank_details) BETWEEN 1 AND 2000);

-- Apart from the entity, so that reading an entity does not read a picture.
CREATE TABLE entity_logos (
  organization_id uuid NOT NULL,
  entity_id uuid PRIMARY KEY,
  media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/svg+xml')),
  data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 204800),
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

CREATE FUNCTION check_entity_change() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  -- That it stays with its organization, row-level security and the foreign keys see to.
  IF (OLD.id, OLD.mode) IS DISTINCT FROM (NEW.id, NEW.mode) THEN
    RAISE EXCEPTION 'The identity and the mode of entity % never change', OLD.name USING ERRCODE = 'restrict_violation';
  END IF;
  -- Whoever holds a period for an entry that is under way ends first.
  PERFORM FROM fiscal_periods p WHERE p.entity_id = OLD.id ORDER BY p.start_date FOR UPDATE;
  IF EXISTS (SELECT FROM journal_entries e WHERE e.entity_id = OLD.id) THEN
    RAISE EXCEPTION 'Base currency and fiscal year of entity % are in use', OLD.name
      USING ERRCODE = 'restrict_violation', HINT = 'Make another entity.';
  END IF;
  IF OLD.base_currency <> NEW.base_currency AND (
    EXISTS (SELECT FROM documents d WHERE d.entity_id = OLD.id) OR EXISTS (SELECT FROM exchange_rates x WHERE x.entity_id = OLD.id)
  ) THEN
    RAISE EXCEPTION 'The base currency of entity % is in use', OLD.name
      USING ERRCODE = 'restrict_violation', HINT = 'Make another entity.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER entities_change BEFORE UPDATE ON entities FOR EACH ROW
  WHEN (
    (OLD.id, OLD.mode, OLD.base_currency, OLD.fiscal_year_start_month, OLD.fiscal_year_start_day)
    IS DISTINCT FROM
    (NEW.id, NEW.mode, NEW.base_currency, NEW.fiscal_year_start_month, NEW.fiscal_year_start_day)
  )
  EXECUTE FUNCTION check_entity_change();

-- A prefix that ends in a digit could give two documents one number: 'INV-1' and 5, 'INV-' and 15.
ALTER TABLE number_series ADD CONSTRAINT number_series_prefix_no_digit CHECK (prefix !~ '[0-9]$') NOT VALID;

------------------------------------------------------------------------------------------------------------------------
-- Years and periods

CREATE TABLE fiscal_years (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
  start_date date NOT NULL CHECK (isfinite(start_date)),
  end_date date NOT NULL CHECK (isfinite(end_date)),
  -- The year-end close; null: not closed, or reopened.
  closed_at timestamptz,
  closed_by text,
  close_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT fiscal_years_forward CHECK (start_date < end_date),
  CONSTRAINT fiscal_years_closed_whole CHECK (num_nulls(closed_at, closed_by, close_reason) IN (0, 3)),
  UNIQUE (entity_id, start_date),
  UNIQUE (organization_id, id),
  UNIQUE (organization_id, entity_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id)
);

CREATE TABLE fiscal_periods (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  fiscal_year_id uuid NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
  start_date date NOT NULL,
  end_date date NOT NULL,
  -- closed: closing, revaluation and adjusting entries only. locked: none.
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'locked')),
  -- Who set the status last, when and why; null: it is as it was made.
  status_at timestamptz,
  status_by text,
  status_reason text CHECK (length(status_reason) BETWEEN 1 AND 500),
  CONSTRAINT fiscal_periods_forward CHECK (start_date <= end_date),
  CONSTRAINT fiscal_periods_status_whole CHECK (num_nulls(status_at, status_by, status_reason) IN (0, 3)),
  CONSTRAINT fiscal_periods_reason_kept CHECK (status = 'open' OR status_reason IS NOT NULL),
  UNIQUE (fiscal_year_id, position),
  UNIQUE (entity_id, start_date),
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, fiscal_year_id) REFERENCES fiscal_years (organization_id, id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, entity_id, fiscal_year_id) REFERENCES fiscal_years (organization_id, entity_id, id) ON DELETE CASCADE
);

-- Years of an entity follow each other without a gap. Its row is locked first: of two at once the second sees the first.
CREATE FUNCTION check_new_fiscal_years() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  entity_ids uuid[] := ARRAY(SELECT DISTINCT n.entity_id FROM new_years n);
  refused record;
BEGIN
  PERFORM FROM entities e WHERE e.id = ANY (entity_ids) ORDER BY e.id FOR NO KEY UPDATE;
  SELECT y.name INTO refused FROM (
    SELECT f.name, f.start_date, lag(f.end_date) OVER (PARTITION BY f.entity_id ORDER BY f.start_date) AS end_before
    FROM fiscal_years f WHERE f.entity_id = ANY (entity_ids)
  ) y
  WHERE y.end_before + 1 <> y.start_date LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Fiscal year % does not begin on the day after the year before it', refused.name USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER fiscal_years_inserted AFTER INSERT ON fiscal_years REFERENCING NEW TABLE AS new_years
  FOR EACH STATEMENT EXECUTE FUNCTION check_new_fiscal_years();

-- The periods of a year come in one statement and cover it, day by day, once.
CREATE FUNCTION check_new_fiscal_periods() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  refused record;
BEGIN
  SELECT f.name INTO refused FROM fiscal_years f
  WHERE f.id IN (SELECT n.fiscal_year_id FROM new_periods n) AND (
    SELECT min(p.start_date) = f.start_date AND max(p.end_date) = f.end_date
      AND bool_and(p.end_before IS NULL OR p.end_before + 1 = p.start_date)
    FROM (
      SELECT q.start_date, q.end_date, lag(q.end_date) OVER (ORDER BY q.start_date) AS end_before
      FROM fiscal_periods q WHERE q.fiscal_year_id = f.id
    ) p
  ) IS NOT TRUE
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The periods of fiscal year % do not cover it day by day', refused.name USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER fiscal_periods_inserted AFTER INSERT ON fiscal_periods REFERENCING NEW TABLE AS new_periods
  FOR EACH STATEMENT EXECUTE FUNCTION check_new_fiscal_periods();

-- A year is taken away from the end of the books, never from their middle.
CREATE FUNCTION check_deleted_fiscal_years() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  refused record;
BEGIN
  SELECT o.name INTO refused FROM old_years o
  WHERE EXISTS (SELECT FROM fiscal_years f WHERE f.entity_id = o.entity_id AND f.start_date < o.start_date)
    AND EXISTS (SELECT FROM fiscal_years f WHERE f.entity_id = o.entity_id AND f.start_date > o.start_date)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Fiscal year % lies between others', refused.name USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER fiscal_years_deleted AFTER DELETE ON fiscal_years REFERENCING OLD TABLE AS old_years
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted_fiscal_years();

CREATE FUNCTION check_fiscal_dates_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The days of % never change', OLD.name USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER fiscal_years_change BEFORE UPDATE ON fiscal_years FOR EACH ROW
  WHEN (
    (OLD.id, OLD.organization_id, OLD.entity_id, OLD.start_date, OLD.end_date)
    IS DISTINCT FROM (NEW.id, NEW.organization_id, NEW.entity_id, NEW.start_date, NEW.end_date)
  )
  EXECUTE FUNCTION check_fiscal_dates_change();
CREATE TRIGGER fiscal_periods_change BEFORE UPDATE ON fiscal_periods FOR EACH ROW
  WHEN (
    (OLD.id, OLD.organization_id, OLD.entity_id, OLD.fiscal_year_id, OLD.position, OLD.start_date, OLD.end_date)
    IS DISTINCT FROM (NEW.id, NEW.organization_id, NEW.entity_id, NEW.fiscal_year_id, NEW.position, NEW.start_date, NEW.end_date)
  )
  EXECUTE FUNCTION check_fiscal_dates_change();

-- Only years that nothing stands in go, and their periods with them: an entity that is not used yet may choose other years. An entry
-- that is under way holds its period, so that the delete waits for it and finds it here.
CREATE FUNCTION check_deleted_fiscal_periods() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  refused record;
BEGIN
  SELECT o.name INTO refused FROM old_periods o
  WHERE o.status <> 'open'
    OR EXISTS (SELECT FROM fiscal_years f WHERE f.id = o.fiscal_year_id)
    OR EXISTS (
      SELECT FROM journal_entries e WHERE e.entity_id = o.entity_id AND e.entry_date BETWEEN o.start_date AND o.end_date
    )
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Period % is in use, is not open, or its year stays', refused.name USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER fiscal_periods_deleted AFTER DELETE ON fiscal_periods REFERENCING OLD TABLE AS old_periods
  FOR EACH STATEMENT EXECUTE FUNCTION check_deleted_fiscal_periods();
CREATE TRIGGER fiscal_periods_kept BEFORE TRUNCATE ON fiscal_periods EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fiscal_years_kept BEFORE TRUNCATE ON fiscal_years EXECUTE FUNCTION refuse_change();

------------------------------------------------------------------------------------------------------------------------
-- What a period takes

-- Marked by whoever posts it: an entry after the month was closed, such as an accrual that the auditors ask for.
ALTER TABLE journal_entries ADD COLUMN adjusting boolean NOT NULL DEFAULT false;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_adjusting CHECK (NOT adjusting OR kind IN ('manual', 'reversal'));

-- Once a statement. The periods are held FOR SHARE until the transaction ends: whoever closes one waits for the entries under way,
-- and an entry that comes after it waits and reads the new status. The rows are read again once they are held.
CREATE FUNCTION check_journal_entry_periods() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  period_ids uuid[];
  refused record;
BEGIN
  period_ids := ARRAY(
    SELECT DISTINCT p.id FROM new_entries n
    JOIN fiscal_periods p ON p.entity_id = n.entity_id AND n.entry_date BETWEEN p.start_date AND p.end_date
  );
  PERFORM FROM fiscal_periods p WHERE p.id = ANY (period_ids) ORDER BY p.entity_id, p.start_date FOR SHARE;
  SELECT n.id, n.entry_date, p.name, p.status INTO refused
  FROM new_entries n
  LEFT JOIN fiscal_periods p ON p.entity_id = n.entity_id AND n.entry_date BETWEEN p.start_date AND p.end_date
  WHERE p.id IS NULL OR p.status = 'locked' OR (
    p.status = 'closed' AND n.kind NOT IN ('closing', 'revaluation') AND NOT n.adjusting
    AND NOT (n.kind = 'reversal' AND EXISTS (
      SELECT FROM journal_entries r WHERE r.id = n.reverses_entry_id AND r.kind IN ('closing', 'revaluation')
    ))
  )
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF refused.status IS NULL THEN
    RAISE EXCEPTION 'Journal entry % of % lies in no fiscal year', refused.id, refused.entry_date
      USING ERRCODE = 'check_violation', HINT = 'Add the fiscal year first.';
  END IF;
  RAISE EXCEPTION 'Journal entry % of % lies in %, which is %', refused.id, refused.entry_date, refused.name, refused.status
    USING ERRCODE = 'check_violation', HINT = 'Date it in an open period, or open the period.';
END
$$;
CREATE TRIGGER journal_entries_in_period AFTER INSERT ON journal_entries REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION check_journal_entry_periods();

-- Of a year-end close: which entries it wrote.
CREATE INDEX journal_entries_closing ON journal_entries (entity_id, entry_date) WHERE kind = 'closing';

------------------------------------------------------------------------------------------------------------------------
-- The years of entities that exist: calendar years, five back and one ahead, and every year that something is dated in. A draft
-- outside of 1970 to 2100 is a typing error and makes no years; an entry is covered wherever it lies.

WITH reach AS (
  SELECT e.id AS entity_id, e.organization_id,
    least(
      extract(year FROM now())::integer - 5,
      (SELECT min(extract(year FROM d.document_date))::integer FROM documents d
       WHERE d.entity_id = e.id AND d.document_date BETWEEN '1970-01-01' AND '2100-12-31'),
      (SELECT min(extract(year FROM j.entry_date))::integer FROM journal_entries j WHERE j.entity_id = e.id)
    ) AS first_year,
    greatest(
      extract(year FROM now())::integer + 1,
      (SELECT max(extract(year FROM d.document_date))::integer FROM documents d
       WHERE d.entity_id = e.id AND d.document_date BETWEEN '1970-01-01' AND '2100-12-31'),
      (SELECT max(extract(year FROM j.entry_date))::integer FROM journal_entries j WHERE j.entity_id = e.id)
    ) AS last_year
  FROM entities e
)
INSERT INTO fiscal_years (id, organization_id, entity_id, name, start_date, end_date, created_by)
SELECT gen_random_uuid(), r.organization_id, r.entity_id, y::text, make_date(y, 1, 1), make_date(y, 12, 31), 'system:migration'
FROM reach r CROSS JOIN LATERAL generate_series(r.first_year, r.last_year) AS y;

INSERT INTO fiscal_periods (id, organization_id, entity_id, fiscal_year_id, position, name, start_date, end_date)
SELECT gen_random_uuid(), f.organization_id, f.entity_id, f.id, m,
  to_char(f.start_date + make_interval(months => m - 1), 'FMMonth YYYY'),
  (f.start_date + make_interval(months => m - 1))::date, (f.start_date + make_interval(months => m))::date - 1
FROM fiscal_years f CROSS JOIN generate_series(1, 12) AS m;

CALL isolate_by_organization('entity_logos');
CALL isolate_by_organization('fiscal_years');
CALL isolate_by_organization('fiscal_periods');
