-- Statements over large books. Measured over 1,000,000 journal lines on PostgreSQL 15 with bench/statements.ts: the join of lines with
-- their entries, which was there for the day alone, took three quarters of a trial balance.

-- A plan may use several processes only where every function in it may; this one stands in every policy.
ALTER FUNCTION current_organization() PARALLEL SAFE;

-- The day of the entry, on each of its lines: neither ever changes, so that the two cannot part.
ALTER TABLE journal_lines ADD COLUMN entry_date date;
ALTER TABLE journal_lines DISABLE TRIGGER journal_lines_kept;
UPDATE journal_lines l SET entry_date = e.entry_date FROM journal_entries e WHERE e.id = l.entry_id;
ALTER TABLE journal_lines ENABLE TRIGGER journal_lines_kept;
ALTER TABLE journal_lines ALTER COLUMN entry_date SET NOT NULL;

CREATE OR REPLACE FUNCTION check_new_journal_lines() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  entry_ids uuid[] := ARRAY(SELECT DISTINCT n.entry_id FROM new_lines n);
  refused record;
BEGIN
  SELECT n.entry_id INTO refused FROM new_lines n
  WHERE (
    (SELECT e.entity_id FROM journal_entries e
     WHERE e.id = n.entry_id AND e.organization_id = n.organization_id AND e.transaction_id = pg_current_xact_id()
       AND e.entry_date = n.entry_date)
    = (SELECT a.entity_id FROM accounts a WHERE a.id = n.account_id)
  ) IS NOT TRUE
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'Journal entry % was made by an earlier transaction, is of another day, or its account belongs to another entity', refused.entry_id
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

-- The general ledger: an account's lines in the order in which they are read, from any of them on. It serves what the index on the
-- account alone was for.
CREATE INDEX journal_lines_ledger ON journal_lines (account_id, entry_date, entry_id, position);
DROP INDEX journal_lines_account;

-- Which accounts have receivables of documents.
CREATE INDEX journal_lines_receivable ON journal_lines (account_id) WHERE document_id IS NOT NULL;
