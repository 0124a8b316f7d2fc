-- What finance does after the deal: more kinds of entries and parts of accounts, and on a receivable's line the document that it
-- is of, so that what is open on a document can be read from the journal.

ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_kind_check;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_kind_check CHECK (kind IN (
  'document', 'reversal', 'manual', 'receipt', 'refund', 'settlement', 'revaluation', 'closing', 'recognition'
));

ALTER TABLE account_roles DROP CONSTRAINT account_roles_role_check;
ALTER TABLE account_roles ADD CONSTRAINT account_roles_role_check CHECK (role IN (
  'accounts_receivable', 'deferred_revenue', 'income', 'expense', 'clearing', 'tax_payable',
  'bank', 'retained_earnings', 'fx_gain', 'fx_loss', 'rounding',
  'customer_prepayments', 'bad_debts', 'contract_asset', 'unrealized_fx_gain', 'unrealized_fx_loss'
));

-- The accounts of the new parts, in the charts of entities that exist. A number that is taken is left to its owner: the part is then
-- without an account until somebody chooses one.
WITH new_accounts (number, name, type, role) AS (
  VALUES
    ('1300', 'Contract assets', 'asset', 'contract_asset'),
    ('2150', 'Customer prepayments', 'liability', 'customer_prepayments'),
    ('4950', 'Unrealized exchange gains', 'income', 'unrealized_fx_gain'),
    ('6300', 'Bad debts', 'expense', 'bad_debts'),
    ('6910', 'Unrealized exchange losses', 'expense', 'unrealized_fx_loss')
), inserted AS (
  INSERT INTO accounts (id, organization_id, entity_id, number, name, type)
  SELECT gen_random_uuid(), e.organization_id, e.id, n.number, n.name, n.type FROM entities e CROSS JOIN new_accounts n
  ON CONFLICT (entity_id, number) DO NOTHING
  RETURNING id, organization_id, entity_id, number, name
), usable AS (
  SELECT id, organization_id, entity_id, number, name FROM inserted
  UNION ALL
  SELECT id, organization_id, entity_id, number, name FROM accounts
)
INSERT INTO account_roles (organization_id, entity_id, role, account_id)
SELECT a.organization_id, a.entity_id, n.role, a.id FROM usable a JOIN new_accounts n ON n.number = a.number AND n.name = a.name
ON CONFLICT (entity_id, role) DO NOTHING;

-- The document whose receivable (an invoice) or payable (a credit note) the line is. Null on every other line.
ALTER TABLE journal_lines ADD COLUMN document_id uuid;
ALTER TABLE journal_lines ADD CONSTRAINT journal_lines_document_fkey
  FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id);
CREATE INDEX journal_lines_document ON journal_lines (document_id) WHERE document_id IS NOT NULL;

-- Until now the entry of a document had its receivable first, and so had the reversal of it.
ALTER TABLE journal_lines DISABLE TRIGGER journal_lines_kept;
UPDATE journal_lines l SET document_id = e.document_id
FROM journal_entries e
WHERE e.id = l.entry_id AND e.document_id IS NOT NULL AND l.position = 1;
ALTER TABLE journal_lines ENABLE TRIGGER journal_lines_kept;
