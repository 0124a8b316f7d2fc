-- Drafts by hand and tax codes: what is charged by rate, to which account it goes, and who edited a draft that a sync had made.

CREATE TABLE tax_codes (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  entity_id uuid NOT NULL,
  code text NOT NULL CHECK (code ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- 19 means nineteen percent.
  rate_percent numeric NOT NULL CHECK (rate_percent BETWEEN 0 AND 100 AND scale(rate_percent) <= 6),
  -- Null: the account of the role tax_payable.
  account_id uuid,
  -- What a document says that uses it, such as why a customer abroad is charged none.
  note text CHECK (length(note) <= 500),
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (entity_id, code),
  UNIQUE (organization_id, id),
  UNIQUE (organization_id, entity_id, id),
  FOREIGN KEY (organization_id, entity_id) REFERENCES entities (organization_id, id),
  FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);
CALL isolate_by_organization('tax_codes');

ALTER TABLE document_lines ADD COLUMN tax_code_id uuid;
ALTER TABLE document_lines ADD CONSTRAINT document_lines_tax_code_fkey
  FOREIGN KEY (organization_id, tax_code_id) REFERENCES tax_codes (organization_id, id);
CREATE INDEX document_lines_tax_code ON document_lines (tax_code_id) WHERE tax_code_id IS NOT NULL;

-- What a line of the item is charged where the customer has no code of its own.
ALTER TABLE items ADD COLUMN tax_code_id uuid;
ALTER TABLE items ADD CONSTRAINT items_tax_code_fkey
  FOREIGN KEY (organization_id, entity_id, tax_code_id) REFERENCES tax_codes (organization_id, entity_id, id);
CREATE INDEX items_tax_code ON items (tax_code_id) WHERE tax_code_id IS NOT NULL;

-- What every line of the customer is charged whatever its item says: an exemption, a reverse charge.
ALTER TABLE customers ADD COLUMN tax_code_id uuid;
ALTER TABLE customers ADD CONSTRAINT customers_tax_code_fkey
  FOREIGN KEY (organization_id, entity_id, tax_code_id) REFERENCES tax_codes (organization_id, entity_id, id);
CREATE INDEX customers_tax_code ON customers (tax_code_id) WHERE tax_code_id IS NOT NULL;

-- Set when a person edited a draft that a sync had made, until the CRM's values are taken again.
ALTER TABLE documents ADD COLUMN edited_at timestamptz;
ALTER TABLE documents ADD COLUMN edited_by text;
-- The version of the source record that the edit was kept against: a newer one asks again.
ALTER TABLE documents ADD COLUMN edit_kept_version timestamptz;
ALTER TABLE documents ADD CONSTRAINT documents_edit_whole CHECK (
  (edited_at IS NULL) = (edited_by IS NULL) AND (edit_kept_version IS NULL OR edited_at IS NOT NULL)
);

-- A posted line says which code it was charged by: that code's rate and account are part of what was posted. The row of the code is
-- locked by now, and a posting locks it too, so that one of the two waits for the other and sees what it did.
CREATE FUNCTION check_tax_code_change() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF (OLD.id, OLD.organization_id, OLD.entity_id) IS DISTINCT FROM (NEW.id, NEW.organization_id, NEW.entity_id) THEN
    RAISE EXCEPTION 'The identity of tax code % never changes', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
    SELECT FROM document_lines l JOIN documents d ON d.id = l.document_id
    WHERE l.tax_code_id = OLD.id AND d.status <> 'draft'
  ) THEN
    RAISE EXCEPTION 'Tax code % was posted with: its code and rate never change', OLD.code
      USING ERRCODE = 'restrict_violation', HINT = 'Make another code.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER tax_codes_change BEFORE UPDATE ON tax_codes FOR EACH ROW
  WHEN (
    (OLD.id, OLD.organization_id, OLD.entity_id, OLD.code, OLD.rate_percent)
      IS DISTINCT FROM
      (NEW.id, NEW.organization_id, NEW.entity_id, NEW.code, NEW.rate_percent)
  )
  EXECUTE FUNCTION check_tax_code_change();

-- Once a statement that posts: the tax of a line with a code is what the code's rate makes of its net amount, rounded half away from
-- zero to the minor unit, and the code is one of the document's entity.
CREATE FUNCTION check_posted_tax() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  posted uuid[] := ARRAY(
    SELECT n.id FROM new_documents n JOIN old_documents o ON o.id = n.id WHERE o.status = 'draft' AND n.status <> 'draft'
  );
  refused record;
BEGIN
  IF cardinality(posted) = 0 THEN
    RETURN NULL;
  END IF;
  PERFORM FROM tax_codes t
  WHERE t.id IN (SELECT l.tax_code_id FROM document_lines l WHERE l.document_id = ANY (posted) AND l.tax_code_id IS NOT NULL)
  ORDER BY t.id FOR SHARE;
  SELECT l.document_id, l.position INTO refused
  FROM document_lines l JOIN documents d ON d.id = l.document_id LEFT JOIN tax_codes t ON t.id = l.tax_code_id
  WHERE l.document_id = ANY (posted) AND l.tax_code_id IS NOT NULL
    AND (t.entity_id = d.entity_id AND l.tax_minor = round(l.amount_minor * t.rate_percent / 100)) IS NOT TRUE
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The tax of line % of document % is not what its tax code makes of it', refused.position, refused.document_id
      USING ERRCODE = 'check_violation', HINT = 'Save the draft again: its tax is worked out anew.';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER documents_posted_tax AFTER UPDATE ON documents REFERENCING OLD TABLE AS old_documents NEW TABLE AS new_documents
  FOR EACH STATEMENT EXECUTE FUNCTION check_posted_tax();
