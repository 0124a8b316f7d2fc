-- Seals over the audit trail: each one chains a batch of entries to the seal before it, after they were committed, so that no writer
-- waits for another. docs/decisions/0024-audit-chain.md says why it is built so; src/ledger/audit computes and verifies the hashes.

CREATE TABLE audit_seals (
  organization_id uuid NOT NULL REFERENCES organizations,
  -- From 1 without a gap.
  number bigint NOT NULL CHECK (number > 0),
  -- What the hashes are made of: see src/ledger/audit/canonical-text.ts.
  version integer NOT NULL CHECK (version > 0),
  -- Exactly the entries that it covers: ids commit out of order, and other organizations' stand between them.
  entry_ids int8multirange NOT NULL CHECK (NOT isempty(entry_ids)),
  entry_count integer NOT NULL CHECK (entry_count > 0),
  -- Entries of this and all earlier seals, and the greatest id among them.
  entries_total bigint NOT NULL CHECK (entries_total >= entry_count),
  highest_id bigint NOT NULL,
  -- The first 16 hexadecimal digits of each entry's hash, in the order of the ids: they tell which entry was changed.
  entry_marks text NOT NULL,
  -- Over the whole hashes of all entries.
  content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  -- Null in the first one.
  previous_hash text,
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  sealed_at timestamptz NOT NULL,
  CONSTRAINT audit_seals_marks CHECK (length(entry_marks) = entry_count * 16),
  CONSTRAINT audit_seals_first CHECK ((number = 1) = (previous_hash IS NULL)),
  PRIMARY KEY (organization_id, number)
);

CREATE FUNCTION check_new_audit_seal() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (
    SELECT FROM audit_seals s
    WHERE s.organization_id = NEW.organization_id AND s.number = NEW.number - 1 AND s.hash = NEW.previous_hash
      AND s.entries_total + NEW.entry_count = NEW.entries_total AND s.highest_id <= NEW.highest_id
  ) THEN
    RAISE EXCEPTION 'Seal % does not go on from the one before it', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER audit_seals_inserted BEFORE INSERT ON audit_seals FOR EACH ROW EXECUTE FUNCTION check_new_audit_seal();
CREATE TRIGGER audit_seals_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals EXECUTE FUNCTION refuse_change();

CALL isolate_by_organization('audit_seals');
