-- Records that the CRM did not let be read while it answered for others. They are asked for again by every sync, once and without
-- waiting; the deals that use them are not read whole until they can be read. A row goes when its record was read, or is gone.

CREATE TABLE unread_records (
  organization_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  object_type text NOT NULL CHECK (object_type IN ('deal', 'company', 'contact', 'line_item', 'product', 'owner')),
  source_id text NOT NULL,
  -- The kind of failure, and what the CRM answered: no secret is in it.
  code text NOT NULL CHECK (code IN ('vendor_rejected', 'vendor_missing', 'vendor_conflict', 'vendor_unavailable')),
  detail text NOT NULL,
  first_failed_at timestamptz NOT NULL DEFAULT now(),
  last_failed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (connection_id, object_type, source_id),
  FOREIGN KEY (organization_id, connection_id) REFERENCES connections (organization_id, id)
);

CALL isolate_by_organization('unread_records');
